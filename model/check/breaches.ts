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

/** Breaches, or what holds one each. */
export interface Breaches<T = BreachFound> {
  /** What is kept, in the order in which it came. */
  readonly kept: readonly T[];
  /** Keeps one, or counts it. */
  readonly push: (each: T) => void;
  /** Breaches of an invariant that are counted and not kept; after a gap they may be more. */
  readonly beyond: (id: string) => number;
  /** Breaches of an invariant that stand, kept or counted. */
  readonly found: (id: string) => number;
  /**
   * Takes back what was proven after a line: those that were kept, and all counts that reach there. For
   * breaches that come in the order of their proofs.
   */
  readonly takeAfter: (line: number) => readonly T[];
}

/** Breaches of an invariant that are kept. Nobody reads so many; a machine may compare them. */
const mostKept = 1000;
/** Pages or folios whose worlds show them: a PMD entry has 512, and one call may concern all of a file. */
const mostWorlds = 20_000;
/** Tallies of an invariant: the finer they are, the fewer breaches a missing event takes back. */
const mostTallies = 64;

/** What makes two violations of a DAX file one breach: the call or pass, and the PMD range. */
export function breachKey({ file, pgoffs, mapping, violation }: BreachFound): string {
  const [pgoff = 0] = pgoffs;
  const at = mapping === undefined ? "" : baseOf(mapping);
  return `${fileKey(file)} ${pmdOf(pgoff)} ${violation.at.line} ${at}`;
}

/** No breaches yet. `breachOf` gives the breach of what is collected, `keyOf` what makes two one. */
export function collectBreaches<T>(
  breachOf: (each: T) => BreachFound,
  keyOf: (breach: BreachFound) => string,
): Breaches<T> {
  const kept: T[] = [];
  const found = new Map<string, Found>();
  const beyond = (id: string): number =>
    (found.get(id)?.tallies ?? []).reduce((sum, { count }) => sum + count, 0);
  return {
    kept,
    beyond,
    found: (id) => (found.get(id)?.kept ?? 0) + beyond(id),
    push(each) {
      const breach = breachOf(each);
      const { id, proof: { line } } = breach.violation;
      let known = found.get(id);
      if (known === undefined) found.set(id, known = { kept: 0, last: "", tallies: [] });
      const key = keyOf(breach);
      const isNew = key !== known.last;
      known.last = key;
      const { tallies } = known;
      const hasRoom = kept.length < mostWorlds && (known.kept < mostKept || !isNew);
      if (hasRoom && tallies.length === 0) {
        kept.push(each);
        if (isNew) known.kept++;
        return;
      }
      if (isNew) tallies.push({ count: 1, proof: line });
      if (tallies.length > mostTallies) merge(tallies);
    },
    takeAfter(line) {
      let first = kept.length;
      const proofAt = (at: number): number => {
        const each = kept[at];
        return each === undefined ? 0 : breachOf(each).violation.proof.line;
      };
      while (first > 0 && proofAt(first - 1) > line) first--;
      const taken = kept.splice(first);
      for (const [id, of] of found) {
        of.tallies = of.tallies.filter(({ proof }) => proof <= line);
        of.last = "";
        const keys = taken.map(breachOf).filter(({ violation }) => violation.id === id).map(keyOf);
        of.kept -= keys.filter((key, at) => key !== keys[at - 1]).length;
      }
      return taken;
    },
  };
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
