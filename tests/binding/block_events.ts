/**
 * The block map, the size, the device and its journal.
 *
 * @module
 */
import { Extent } from "../../model/extent.ts";
import { Block } from "../../model/operation/world.ts";
import {
  directTaskOf,
  extentOf,
  type FileWorld,
  sizeOf,
  type WorldEvidence,
} from "./file_world.ts";
import { emit, type FileMoment, isDirect, isOne, onPage } from "./moment.ts";

/** A new size, and blocks that come and go. */
export function mapEvents(moment: FileMoment): void {
  const { transcript, before, after, label } = moment;
  const { file, written } = transcript;
  const size = sizeOf(file, after);
  const { task } = onPage(moment, file.pages[0] ?? 0);
  if (sizeOf(file, before) !== size) emit(transcript, { kind: "set_size", task, file: 0, size });
  if (label === "shift") return;
  for (const page of file.pages) {
    const [was, is] = [extentOf(file, before, page), extentOf(file, after, page)];
    const event = onPage(moment, page);
    if (was === is) continue;
    if (is === Extent.HOLE || is === Extent.BEYOND) {
      written.delete(event.page);
      const becomes = is === Extent.HOLE ? "hole" : "beyond";
      emit(transcript, { kind: "remove_extent", ...event, becomes });
    } else if (is === Extent.UNWRITTEN && was === Extent.MAPPED) {
      written.delete(event.page);
      emit(transcript, { kind: "remove_extent", ...event, becomes: "unwritten" });
    } else if (is === Extent.UNWRITTEN) {
      emit(transcript, { kind: "allocate", ...event, unwritten: true });
    } else if (was !== Extent.UNWRITTEN || file.isDax) {
      const unzeroed = isForeign(moment, page) ? { unzeroed: true } as const : {};
      emit(transcript, { kind: "allocate", ...event, ...unzeroed });
    }
  }
}

/** Blocks that were unwritten hold data now: what comes after the data is there. */
export function convertEvents(moment: FileMoment): void {
  const { transcript, before, after, place } = moment;
  const { file } = transcript;
  for (const page of file.pages) {
    if (extentOf(file, before, page) !== Extent.UNWRITTEN) continue;
    if (extentOf(file, after, page) !== Extent.MAPPED) continue;
    const direct = place !== undefined && isOne(moment, "pwrite") && isDirect(moment)
      ? { task: directTaskOf(file, place, page) }
      : {};
    emit(transcript, { kind: "convert_unwritten", ...onPage(moment, page), ...direct });
  }
}

/** True if the page shows what its blocks held before they were its own. */
function isForeign({ transcript: { file: { layout } }, after }: FileMoment, page: number): boolean {
  const { first, end } = layout.pages[page] ?? { first: 0, end: 0 };
  return after.device.subarray(first, end).includes(layout.values.length - 1);
}

/** Nothing that can be flushed sits in the volatile cache of the device. */
function isDrained({ durable, device, cached }: WorldEvidence): boolean {
  return durable.every((set, atom) => cached[atom] === 1 || set === 1 << (device[atom] ?? 0));
}

/** The journal has the block map and the size of the file as they are. */
function isCommitted(
  { layout, file }: FileWorld,
  { block, diskBlock, size, diskSize }: WorldEvidence,
): boolean {
  return size[file] === diskSize[file] &&
    block.every((each, at) =>
      layout.blocks[at]?.file !== file ||
      diskBlock[at] === (each === Block.DELALLOC ? Block.HOLE : each)
    );
}

/** Steps that commit or flush, and show nothing of it where there is nothing to do. */
const commits = ["commit", "commits", "sync data"];

/** A commit, or a flush of the device alone: what the step has achieved of the two. */
export function commitEvents(moment: FileMoment): void {
  const { transcript, before, after, label } = moment;
  const { task } = onPage(moment, transcript.file.pages[0] ?? 0);
  const journals = differ(before.diskBlock, after.diskBlock) ||
    differ(before.diskSize, after.diskSize);
  // The fault of a MAP_SYNC mapping.
  const flushes = label === "insert" && !isDrained(before);
  if (!commits.includes(label) && !journals && !flushes) return;
  if (!isDrained(after)) {
    if (journals) transcript.gap ??= "a commit that does not flush the device";
  } else if (isCommitted(transcript.file, after)) emit(transcript, { kind: "commit", task });
  else emit(transcript, { kind: "flush_device", task });
}

function differ(one: Uint8Array | Int32Array, other: Uint8Array | Int32Array): boolean {
  return one.some((each, at) => each !== other[at]);
}
