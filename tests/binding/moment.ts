/**
 * A step of the operation model and what of it is written down as events. They are read off the
 * difference between the world before the step and the world after it. A label is asked only where a
 * step leaves no trace in the world: a look at the block map, a flush of lines that are clean already.
 *
 * @module
 */
import type { Event } from "../../model/event.ts";
import type { OperationPlace } from "../../model/operation/layout.ts";
import { Status } from "../../model/operation/world.ts";
import type { State } from "../../model/state.ts";
import { enabled, step } from "../../model/step.ts";
import { existsIn } from "../../model/events/limits.ts";
import { type FileWorld, kernelTaskOf, taskOf, type WorldEvidence } from "./file_world.ts";

/** Events of one file so far. */
export interface Transcript {
  readonly file: FileWorld;
  /** The state that they have led to. */
  readonly state: State;
  readonly events: Event[];
  /** Operations that have begun, and those inside a fault, a write or a removal. */
  readonly begun: Set<number>;
  readonly inCall: Set<number>;
  /** Pages that somebody has written to since they were removed. */
  readonly written: Set<number>;
  /** What the alphabet has no word for; nothing is written down after it. */
  gap: string | undefined;
}

/** A step as one file sees it. */
export interface FileMoment {
  readonly transcript: Transcript;
  readonly before: WorldEvidence;
  readonly after: WorldEvidence;
  /** The operation that took it; undefined for what the kernel does on its own. */
  readonly place: OperationPlace | undefined;
  readonly label: string;
}

/** Appends an event and lets it happen. One that cannot happen is a gap. */
export function emit(transcript: Transcript, event: Event): void {
  if (transcript.gap !== undefined) return;
  const { state, events, file: { bounds } } = transcript;
  if (!existsIn(bounds, event) || !enabled(state, event)) {
    transcript.gap = `${event.kind} cannot happen`;
    return;
  }
  step(state, event);
  events.push(event);
}

/** A task and a page, as events name them. */
export interface OnPage {
  readonly task: number;
  readonly page: number;
}

/** Whose step it is, on this page. */
export function onPage(moment: FileMoment, page: number): OnPage {
  const { transcript: { file }, place } = moment;
  const task = place === undefined ? kernelTaskOf(file, page) : taskOf(file, place);
  return { task, page: file.pageOf(page) };
}

/** True if the operation is one of these and works on the file. */
export function isOne(
  { transcript: { file }, place }: FileMoment,
  ...kinds: readonly OperationPlace["operation"]["kind"][]
): boolean {
  return place !== undefined && place.file === file.file && kinds.includes(place.operation.kind);
}

/** True if the operation takes pages of the file away. */
export function isRemoval(moment: FileMoment): boolean {
  const { operation } = moment.place ?? {};
  if (!isOne(moment, "ftruncate", "fallocate")) return false;
  return operation?.kind === "ftruncate" ||
    (operation?.kind === "fallocate" && ["punch_hole", "zero_range"].includes(operation.mode));
}

/** True if the operation goes past the page cache. */
export function isDirect({ transcript: { file: { layout } }, place }: FileMoment): boolean {
  return layout.fds[place?.fd ?? -1]?.isDirect === true;
}

/** Pages of the file that the operation speaks of. */
export function pagesOf({ transcript: { file }, place }: FileMoment): readonly number[] {
  if (place === undefined || place.file !== file.file) return [];
  const { first, end } = place.pages;
  return file.pages.filter((page) => first <= page && page < end);
}

/** Pages of the file that the operation covers as a whole. */
export function wholePagesOf(moment: FileMoment): readonly number[] {
  const { transcript: { file: { layout } }, place } = moment;
  const { from, to } = place?.range ?? { from: 0, to: 0 };
  return pagesOf(moment).filter((page) => {
    const part = layout.pages[page] ?? { from: 0, to: 0 };
    return from <= part.from && part.to <= to;
  });
}

/** How the operation ended in this step; undefined if it did not. */
export function endOf({ before, after, place }: FileMoment): number | undefined {
  const index = place?.index ?? -1;
  return before.status[index] === Status.PENDING && after.status[index] !== Status.PENDING
    ? after.status[index]
    : undefined;
}

/** The atom of the page that the step copied, if it copied one. */
export function atomCopied(moment: FileMoment, page: number): number | undefined {
  const { transcript: { file }, before, after, place } = moment;
  if (place === undefined) return undefined;
  const { first, end } = file.layout.pages[page] ?? { first: 0, end: 0 };
  // Page by page through the page cache, and all of it at once on DAX.
  const from = file.isDax ? place.atoms.first : Math.max(first, place.atoms.first);
  const to = file.isDax ? place.atoms.end : Math.min(end, place.atoms.end);
  const was = before.note[place.process] ?? 0;
  const left = after.note[place.process] ?? 0;
  const is = left === 0 ? (1 << (to - from)) - 1 : left;
  for (let atom = Math.max(from, first); atom < Math.min(to, end); atom++) {
    const bit = 1 << (atom - from);
    if ((was & bit) === 0 && (is & bit) !== 0) return atom;
  }
  return undefined;
}
