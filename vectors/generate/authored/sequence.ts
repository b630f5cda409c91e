/**
 * How an event vector is written by hand: the world, the events in their order, and at the one that
 * is wrong the invariant that it breaks.
 *
 * @module
 */
import type { Event } from "../../../model/event.ts";
import type { Bounds } from "../../../model/state.ts";
import type { Breach, EventBody, EventVerdict, Start } from "../../format/event_vector.ts";
import type { Configuration, Reference } from "../../format/vector.ts";
import type { ReferenceKind, System } from "../../format/vocabulary.ts";

/** An event with what it breaks. */
interface Marked {
  readonly marked: "breaks" | "implies";
  readonly invariant: string;
  readonly event: Event;
  /** What breaks with it. */
  readonly with: readonly string[];
}

/** An event, one that is wrong, or what a whole call consists of. */
export type SequenceLine = Event | Marked | readonly SequenceLine[];

/** A vector as it is written. */
export interface Authored {
  /** What stands behind the invariant in the handle: `allocation-behind-a-lookup`. */
  readonly name: string;
  readonly system: System;
  /** The invariant that it is about. If the vector is rejected, the one that is broken. */
  readonly about: string;
  /** One sentence: what happens, and what is right. */
  readonly says: string;
  readonly references: readonly [Reference, ...Reference[]];
  /** Keys of notes besides the one of `about`. */
  readonly flags?: readonly string[];
  readonly bounds: WorldSize;
  readonly start?: Start;
  readonly exempt?: readonly string[];
  readonly configuration?: Partial<Configuration>;
  readonly events: readonly SequenceLine[];
}

/** Bounds in which one page is a PMD, unless they say otherwise. */
export type WorldSize = Omit<Bounds, "locals" | "pmdPages"> & { readonly pmdPages?: number };

/** Marks the event that is wrong, and what the invariant implies that it breaks at once. */
export function breaks(invariant: string, event: Event, ...implied: readonly string[]): Marked {
  return { marked: "breaks", invariant, event, with: implied };
}

/** Marks an event that breaks what the invariant broken before implies. */
export function implies(invariant: string, event: Event): Marked {
  return { marked: "implies", invariant, event, with: [] };
}

/** The body of a written vector, its verdict read off the marks. */
export function bodyOf(authored: Authored): EventBody {
  const { bounds, start = {}, exempt = [] } = authored;
  const lines = flat(authored.events);
  return {
    kind: "event",
    bounds: { pmdPages: 1, ...bounds },
    start,
    exempt: [...exempt].sort(),
    events: lines.map((line) => "marked" in line ? line.event : line),
    verdict: verdictOf(lines),
  };
}

function flat(lines: readonly SequenceLine[]): readonly (Event | Marked)[] {
  return lines.flatMap((line): readonly (Event | Marked)[] => isList(line) ? flat(line) : [line]);
}

function isList(line: SequenceLine): line is readonly SequenceLine[] {
  return Array.isArray(line);
}

function verdictOf(lines: readonly (Event | Marked)[]): EventVerdict {
  const marks = lines.flatMap((line, at) => "marked" in line ? [{ ...line, at }] : []);
  const [root, ...others] = marks.filter(({ marked }) => marked === "breaks");
  if (others.length > 0) throw new RangeError(`two faults: ${others[0]?.invariant}`);
  if (root === undefined) return { kind: "accepted" };
  const implied: Breach[] = root.with.map((invariant) => ({ invariant, at: root.at }));
  for (const { marked, invariant, at } of marks) {
    if (marked === "implies") implied.push({ invariant, at });
  }
  return { kind: "rejected", invariant: root.invariant, at: root.at, implied };
}

/** A reference of one kind. */
function referenceTo(kind: ReferenceKind): (id: string) => Reference {
  return (id) => ({ kind, id });
}

/** One of the mails that this project began with. */
export const seed = referenceTo("seed");
/** A commit of Linux, by its first twelve digits. */
export const commit = referenceTo("commit");
/** An entry of the CVE list. */
export const cve = referenceTo("cve");
/** A test of fstests. */
export const fstests = referenceTo("fstests");
/** Released kernels. */
export const kernel = referenceTo("kernel");
/** A recording of a real kernel. */
export const recording = referenceTo("recording");
/** A row of the catalogue of litmus vectors (`litmus.ts`). */
export const litmus = referenceTo("catalogue");
