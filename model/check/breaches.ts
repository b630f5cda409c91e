/**
 * Breaches as they are found. A recording may have no end: of each invariant so many are kept, and the
 * others are counted.
 *
 * @module
 */
import { baseOf } from "./mapping_id.ts";
import { type FileId, fileKey, type MappingId } from "./observation.ts";
import { pmdOf } from "../page_size.ts";
import type { Violation } from "./violation.ts";

/** A violation, and of what: one a call or pass, however many pages of an entry it concerns. */
export interface BreachFound {
  /** The file that it happened to. */
  readonly file: FileId;
  /** Pages whose worlds show it, in order. */
  readonly pgoffs: readonly number[];
  /** The mapping that was missed; undefined where the invariant is about the entry alone. */
  readonly mapping: MappingId | undefined;
  /** Where, and what led to it. */
  readonly violation: Violation;
}

/** Breaches of one invariant that are counted, with the last line that they rest on. */
interface Tally {
  count: number;
  proof: number;
}

/** What is known of the breaches of one invariant. */
interface Found {
  /** How many are kept, and what the last one was about. */
  kept: number;
  last: string;
  /** In order; the older ones are merged where there are many. */
  tallies: Tally[];
}

/** All breaches, in the order of their proofs. */
export interface Breaches {
  readonly kept: BreachFound[];
  readonly found: Map<string, Found>;
}

/** Breaches of an invariant that are kept. Nobody reads so many; a machine may compare them. */
const mostKept = 1000;
/** Pages whose worlds show them: a PMD entry has 512. */
const mostWorlds = 20_000;
/** Tallies of an invariant: the finer they are, the fewer breaches a missing event takes back. */
const mostTallies = 64;

/** No breaches. */
export function createBreaches(): Breaches {
  return { kept: [], found: new Map() };
}

/** What makes two violations one breach: the call or pass, and the PMD range. */
export function breachKey({ file, pgoffs, mapping, violation }: BreachFound): string {
  const [pgoff = 0] = pgoffs;
  const at = mapping === undefined ? "" : baseOf(mapping);
  return `${fileKey(file)} ${pmdOf(pgoff)} ${violation.at.line} ${at}`;
}

/** Keeps a breach, or counts it; returns true if it is kept. */
export function addBreach(breaches: Breaches, found: BreachFound): boolean {
  const { id, proof: { line } } = found.violation;
  const key = breachKey(found);
  const known = breaches.found.get(id);
  const { kept, last, tallies } = known ?? { kept: 0, last: "", tallies: [] };
  const isNew = key !== last;
  const hasRoom = breaches.kept.length < mostWorlds && (kept < mostKept || !isNew);
  if (hasRoom && tallies.length === 0) {
    breaches.kept.push(found);
    breaches.found.set(id, { kept: kept + (isNew ? 1 : 0), last: key, tallies });
    return true;
  }
  if (isNew) tallies.push({ count: 1, proof: line });
  if (tallies.length > mostTallies) merge(tallies);
  breaches.found.set(id, { kept, last: key, tallies });
  return false;
}

/** Two of the older tallies that count least become one. */
function merge(tallies: Tally[]): void {
  let least = 0;
  const sum = (at: number): number => (tallies[at]?.count ?? 0) + (tallies[at + 1]?.count ?? 0);
  for (let at = 1; at < tallies.length - 2; at++) if (sum(at) < sum(least)) least = at;
  const [one, other] = tallies.slice(least, least + 2);
  if (one === undefined || other === undefined) return;
  tallies.splice(least, 2, { count: one.count + other.count, proof: other.proof });
}

/** Takes back what was proven after a line: those that were kept, and all tallies that reach there. */
export function takeBreachesAfter(breaches: Breaches, line: number): readonly BreachFound[] {
  let first = breaches.kept.length;
  while (first > 0 && (breaches.kept[first - 1]?.violation.proof.line ?? 0) > line) first--;
  const taken = breaches.kept.splice(first);
  for (const [id, found] of breaches.found) {
    found.tallies = found.tallies.filter(({ proof }) => proof <= line);
    found.last = "";
    const keys = taken.filter(({ violation }) => violation.id === id).map(breachKey);
    found.kept -= keys.filter((key, at) => key !== keys[at - 1]).length;
  }
  return taken;
}

/** Breaches of an invariant that are counted and not kept; after a gap they may be more. */
export function breachesBeyond(breaches: Breaches, id: string): number {
  return (breaches.found.get(id)?.tallies ?? []).reduce((sum, { count }) => sum + count, 0);
}

/** Breaches of an invariant that stand, kept or counted: one a call or pass. */
export function breachesFound(breaches: Breaches, id: string): number {
  return (breaches.found.get(id)?.kept ?? 0) + breachesBeyond(breaches, id);
}
