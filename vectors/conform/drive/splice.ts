/**
 * splice(2) from one file to another, through a pipe of its own.
 *
 * @module
 */
import { checked, libc, Open } from "./libc.ts";

/**
 * Moves a range to the same range of another file, as much at a time as the pipe takes, and returns how
 * many bytes came to the target: fewer at the end of the source. An error after the first bytes ends it.
 */
export function splice(
  from: number,
  to: number,
  { offset, length }: { readonly offset: number; readonly length: number },
): number | string {
  const ends = new Int32Array(2);
  const made = checked(libc.pipe2(ends, Open.CLOEXEC));
  if (typeof made === "string") return made;
  const [reader = -1, writer = -1] = ends;
  const source = new BigInt64Array([BigInt(offset)]);
  const target = new BigInt64Array([BigInt(offset)]);
  try {
    let moved = 0;
    while (moved < length) {
      const got = checked(libc.splice(from, source, writer, null, BigInt(length - moved), 0));
      if (got === 0) return moved;
      if (typeof got === "string") return moved > 0 ? moved : got;
      for (let left = got; left > 0;) {
        const put = checked(libc.splice(reader, null, to, target, BigInt(left), 0));
        if (typeof put === "string" || put === 0) return moved > 0 ? moved : put;
        left -= put;
        moved += put;
      }
    }
    return moved;
  } finally {
    libc.close(reader);
    libc.close(writer);
  }
}
