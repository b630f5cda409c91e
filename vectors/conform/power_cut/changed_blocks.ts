/**
 * Which blocks of persistent memory a mounted file system has written, by a trace: all that goes through
 * the block layer. What the kernel writes past it, it copies or zeroes by functions that are probed, and
 * then nobody can say which blocks changed.
 *
 * Source: include/trace/events/block.h, drivers/nvdimm/pmem.c, fs/dax.c.
 *
 * @module
 */

/** Bytes that are written as one. */
export const blockBytes = 4096;

const sectorBytes = 512;

const counts = /^# entries-in-buffer\/entries-written: (\d+)\/(\d+) /m;

const bio = /\bblock_bio_queue: (\d+,\d+) (\S+) (\d+) \+ (\d+) \[/;

const unseen = /\bpagespec_(?:zero|copy): |\bdax_flush: |\btracing_mark_write: \{"kind":"stor/;

/** The numbers of the blocks, or undefined if the trace does not tell. */
export function changedBlocks(trace: string, device: string): ReadonlySet<number> | undefined {
  const [, kept, written] = counts.exec(trace) ?? [];
  if (kept === undefined || kept !== written) return undefined;
  const blocks = new Set<number>();
  for (const line of trace.split("\n")) {
    if (line.startsWith("#")) continue;
    if (unseen.test(line)) return undefined;
    const [, of, how = "", sector = "", sectors = ""] = bio.exec(line) ?? [];
    if (of !== device || how.startsWith("R")) continue;
    const [from, end] = [Number(sector), Number(sector) + Number(sectors)]
      .map((each) => each * sectorBytes);
    for (const block of blocksOf(from ?? 0, end ?? 0)) blocks.add(block);
  }
  return blocks;
}

/** The blocks that bytes of a device lie in; none if there are no bytes. */
export function blocksOf(from: number, end: number): readonly number[] {
  if (end <= from) return [];
  const first = Math.floor(from / blockBytes);
  return Array.from({ length: Math.ceil(end / blockBytes) - first }, (_, at) => first + at);
}
