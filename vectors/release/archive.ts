/**
 * Writes a tar archive: the same files give the same bytes.
 *
 * @module
 */

const block = 512;

/** The archive of these files, in the order of their names; each is a plain file of mode 644. */
export function tarOf(files: ReadonlyMap<string, Uint8Array>): Uint8Array<ArrayBuffer> {
  const parts = [...files].toSorted(([a], [b]) => a < b ? -1 : 1).flatMap(([name, bytes]) => [
    headerOf(name, bytes.length),
    bytes,
    new Uint8Array((block - bytes.length % block) % block),
  ]);
  parts.push(new Uint8Array(2 * block));
  const tar = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  parts.reduce((offset, part) => {
    tar.set(part, offset);
    return offset + part.length;
  }, 0);
  return tar;
}

/**
 * A ustar header.
 *
 * @throws {RangeError} if the name is longer than 100 bytes: none of ours is
 */
function headerOf(name: string, size: number): Uint8Array {
  const header = new Uint8Array(block);
  const put = (text: string, offset: number): void =>
    header.set(new TextEncoder().encode(text), offset);
  if (name.length > 100) throw new RangeError(`${name} is too long for a tar archive`);
  put(name, 0);
  put("0000644\0" + "0000000\0".repeat(2), 100);
  put(`${size.toString(8).padStart(11, "0")}\0${"0".repeat(11)}\0`, 124);
  put("        0", 148);
  put("ustar\0" + "00", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  put(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return header;
}
