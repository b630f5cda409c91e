/**
 * Finds where the frames of zstd data end: RFC 8878, section 3.1.
 *
 * node:zlib unpacks one frame. What stands after its end in the same piece of data is dropped without
 * an error, in Deno 2.9 at least; `zstd -c a >> b`, `pzstd` and `cat a.zst b.zst` write several.
 *
 * @module
 */

/** What comes next of a frame: a number of so many bytes that is read, or bytes of no interest. */
type Part = { readonly read: 1 | 3 | 4 } | { readonly skip: number };

const FRAME = 0xfd2fb528;
/** The sixteen magic numbers of frames that hold no data differ in the last four bits. */
const SKIPPABLE = 0x184d2a50;
const RUN_LENGTH_BLOCK = 1;
/** Bytes of a dictionary's id, and of the size of the content, by their flags in the descriptor. */
const idSizes = [0, 1, 2, 4], contentSizes = [0, 2, 4, 8];

/** The parts of one frame. What is no frame has no end, so that whoever unpacks it finds the error. */
function* frame(): Generator<Part, void, number> {
  const magic = yield { read: 4 };
  if (magic - magic % 16 === SKIPPABLE) {
    const size = yield { read: 4 };
    yield { skip: size };
    return;
  }
  if (magic !== FRAME) {
    yield { skip: Infinity };
    return;
  }
  const descriptor = yield { read: 1 };
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const contentSize = contentSizes[descriptor >> 6] ?? 0;
  yield {
    skip: (idSizes[descriptor & 3] ?? 0) +
      (isSingleSegment ? Math.max(1, contentSize) : 1 + contentSize),
  };
  for (let isLast = false; !isLast;) {
    const block = yield { read: 3 };
    isLast = block % 2 === 1;
    yield { skip: ((block >> 1) & 3) === RUN_LENGTH_BLOCK ? 1 : block >> 3 };
  }
  const hasChecksum = (descriptor & 4) !== 0;
  if (hasChecksum) yield { skip: 4 };
}

/** Goes through one frame, whose bytes come in any pieces. */
interface FrameEnd {
  /** Takes the next bytes; returns how many of them are of the frame. */
  readonly take: (bytes: Uint8Array) => number;
  /** True if all of the frame has been taken. */
  readonly ends: boolean;
}

/** At the beginning of a frame. */
export function createFrameEnd(): FrameEnd {
  const parts = frame();
  let part = parts.next();
  /** Bytes of the part that were there, and the number that they make, least byte first. */
  let taken = 0, value = 0;
  return {
    take(bytes) {
      let at = 0;
      while (part.done !== true) {
        const size = "read" in part.value ? part.value.read : part.value.skip;
        const here = Math.min(size - taken, bytes.length - at);
        if ("read" in part.value) {
          for (let each = 0; each < here; each++) {
            value += (bytes[at + each] ?? 0) * 256 ** (taken + each);
          }
        }
        at += here;
        taken += here;
        if (taken < size) break;
        part = parts.next(value);
        taken = 0;
        value = 0;
      }
      return at;
    },
    get ends() {
      return part.done === true;
    },
  };
}
