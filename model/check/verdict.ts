/**
 * What a check comes to, invariant by invariant.
 *
 * @module
 */
import type { Invariant } from "../invariant.ts";
import { invariants } from "../invariants/catalogue.ts";
import {
  type Completeness,
  type FileId,
  fileKey,
  type MappingId,
  type Where,
} from "./observation.ts";
import { type Check, type FileUnderCheck, type MappingUnderCheck, pmdOf } from "./subject.ts";
import type { Violation, World } from "./world.ts";

/** `unexercised`: nothing in the recording could have broken it. */
export type Verdict = "holds" | "violated" | "undecided" | "unexercised";

/** A violation, and of what: one a call or pass, however many pages of an entry it concerns. */
export interface BreachFound {
  readonly file: FileId;
  /** Pages whose worlds show it, in order. */
  readonly pgoffs: readonly number[];
  /** The mapping that was missed; undefined where the invariant is about the entry alone. */
  readonly mapping: MappingId | undefined;
  readonly violation: Violation;
}

/** The verdict on one invariant. */
export interface InvariantResult {
  readonly id: string;
  readonly verdict: Verdict;
  /** Occasions on which it could have been broken and a judgement was possible. */
  readonly judged: number;
  readonly breaches: readonly BreachFound[];
  /** Why it is undecided, or unexercised where a recording could never show it. */
  readonly why: string | undefined;
  /** Occasions left open at the end of the recording, on which nothing hung any more. */
  readonly open: number;
}

/** Invariants that a recording can decide. The others are proven by exploration alone. */
const decidable: ReadonlySet<string> = new Set([
  "DAX-HOLE-1",
  "DAX-HOLE-2",
  "DAX-HOLE-4",
  "DAX-ENTRY-2",
  "DAX-TAG-3",
  "DAX-TAG-4",
  "DAX-CLEAN-2",
  "DAX-WAIT-1",
  "DUR-1",
]);

/** Why a recording shows nothing of an invariant, where that has a reason of its own. */
const unseen: ReadonlyMap<string, string> = new Map([
  ["DAX-HOLE-3", "no tracepoint shows XArray entries and page tables side by side"],
  ["DAX-HOLE-5", "no tracepoint shows what a write fault unmaps; see DAX-HOLE-1"],
  ["DAX-ENTRY-1", "no tracepoint shows the entry lock"],
  ["DAX-ENTRY-4", "no tracepoint shows XArray entries and page tables side by side"],
  ["DAX-TAG-1", "no tracepoint shows marks; a mark that is missing shows as DAX-CLEAN-2"],
  ["DAX-TAG-2", "no tracepoint shows marks or the removal of entries by invalidation"],
  ["DAX-CLEAN-1", "no tracepoint shows the entry lock"],
  ["DAX-CLEAN-3", "the order of mkclean and flush needs probes on both"],
]);

/** Invariants of which a recording can only show the breach. */
const oneSided: ReadonlyMap<string, string> = new Map([
  ["DAX-ENTRY-2", "a recording shows only its breach, and there is none"],
  ["DAX-TAG-3", "a recording shows only its breach, and there is none"],
]);

/** Judged at the end of every fault, but worth a count only where a hole was mapped before. */
const aboutHoles: ReadonlySet<string> = new Set(["DAX-HOLE-1", "DAX-HOLE-4"]);

/** What else a summary must know: of the reader and the translator. */
export interface Doubts {
  /** Reasons for which nothing can be said to hold: lost events, lines that are missing. */
  readonly incomplete: readonly string[];
  /** Why even a breach cannot be relied on: what it rests on may have been taken out. */
  readonly untrusted: string | undefined;
  /** Reasons that concern one invariant alone. */
  readonly about: ReadonlyMap<string, string>;
}

/** The verdict on every invariant of the catalogue, in its order. */
export function summarise(check: Check, doubts: Doubts): readonly InvariantResult[] {
  const tallies = tally(check);
  const implied = new Map<string, string>();
  for (const { id, implies } of invariants) {
    if (doubts.untrusted !== undefined) break;
    if ((tallies.get(id)?.breaches.length ?? 0) === 0 || !decidable.has(id)) continue;
    for (const each of implies) if (!implied.has(each)) implied.set(each, id);
  }
  // What is about whole files is judged by exploration; a small world holds one page.
  return invariants.filter(({ about }) => about !== "file").map((invariant) =>
    conclude(invariant, tallies.get(invariant.id) ?? newTally(), implied, check, doubts)
  );
}

interface Tally {
  judged: number;
  readonly breaches: BreachFound[];
  /** Occasions left open where a later store could have gone unseen. */
  readonly undecided: Where[];
  readonly withdrawn: Violation[];
  /** Observations that nothing explained: something before them is missing. */
  readonly unexplained: Where[];
  harmless: number;
}

function newTally(): Tally {
  return { judged: 0, breaches: [], undecided: [], withdrawn: [], unexplained: [], harmless: 0 };
}

function tally(check: Check): ReadonlyMap<string, Tally> {
  const tallies = new Map<string, Tally>();
  const of = (id: string): Tally => {
    let found = tallies.get(id);
    if (found === undefined) tallies.set(id, found = newTally());
    return found;
  };
  for (const file of check.files.values()) {
    for (const page of file.pages.values()) {
      addWorld(of, file, page.pgoff, page.entry, undefined);
      for (const [id, world] of page.mappings) {
        addWorld(of, file, page.pgoff, world, file.mappings.get(id));
      }
    }
  }
  return tallies;
}

function addWorld(
  of: (id: string) => Tally,
  file: FileUnderCheck,
  pgoff: number,
  world: World,
  mapping: MappingUnderCheck | undefined,
): void {
  for (const [id, count] of world.judged) {
    // Where no hole was ever mapped, none could be left over.
    if (aboutHoles.has(id) && !world.mappedHole) continue;
    of(id).judged += count;
  }
  for (const violation of world.violations) {
    of(violation.id).breaches.push({
      file: file.id,
      pgoffs: [pgoff],
      mapping: world.watch === "entry" ? undefined : mapping?.id,
      violation,
    });
  }
  for (const { id, about } of invariants) {
    if (about === world.watch && decidable.has(id)) of(id).unexplained.push(...world.unexplained);
  }
  for (const violation of world.withdrawn) of(violation.id).withdrawn.push(violation);
  for (const [id, where] of world.open) {
    // A program that marks its stores made none after this: whatever mkclean missed lost nothing.
    if (mapping?.stores === true && world.watch === "mapping") of(id).harmless++;
    else of(id).undecided.push(where);
  }
}

function conclude(
  { id }: Invariant,
  found: Tally,
  implied: ReadonlyMap<string, string>,
  check: Check,
  doubts: Doubts,
): InvariantResult {
  const { judged, harmless } = found;
  const result = (verdict: Verdict, why?: string): InvariantResult => ({
    id,
    verdict,
    judged,
    breaches: verdict === "violated" ? inOrder(found.breaches) : [],
    why,
    open: harmless,
  });
  if (!decidable.has(id)) {
    const blind = unseen.get(id) ?? "no event that is translated shows it";
    return { ...result("unexercised", blind), judged: 0 };
  }
  const cause = implied.get(id);
  if (cause !== undefined) {
    return result("undecided", `implied by the breach of ${cause}; a recording holds no crash`);
  }
  const [breach] = inOrder(found.breaches);
  if (breach !== undefined) {
    const { untrusted } = doubts;
    if (untrusted === undefined) return result("violated");
    const { line } = breach.violation.at;
    return result("undecided", `it looks broken at line ${line}, but ${untrusted}`);
  }
  const single = oneSided.get(id);
  const why = reason(id, found, check, doubts);
  if (single !== undefined && found.withdrawn.length === 0) {
    return { ...result("unexercised", single), judged: 0 };
  }
  if (why !== undefined) return result("undecided", why);
  return judged > 0 ? result("holds") : result("unexercised");
}

/** By line, and one for each call or pass and PMD range. */
function inOrder(breaches: readonly BreachFound[]): readonly BreachFound[] {
  const groups = new Map<string, BreachFound>();
  for (const breach of breaches) {
    const [pgoff = 0] = breach.pgoffs;
    const { line } = breach.violation.at;
    const name = `${fileKey(breach.file)} ${pmdOf(pgoff)} ${line} ${breach.mapping ?? ""}`;
    const old = groups.get(name);
    groups.set(
      name,
      old === undefined ? breach : {
        ...old,
        pgoffs: [...old.pgoffs, pgoff].sort((one, other) => one - other),
      },
    );
  }
  return [...groups.values()].sort((one, other) => one.violation.at.line - other.violation.at.line);
}

function reason(id: string, found: Tally, check: Check, doubts: Doubts): string | undefined {
  const exercised = found.judged > 0 || found.undecided.length > 0;
  const [open] = found.undecided;
  const [withdrawn] = found.withdrawn;
  const about = doubts.about.get(id);
  if (withdrawn !== undefined) {
    return `it looks broken at line ${withdrawn.at.line}, but what follows contradicts that: ` +
      "some event is missing";
  }
  const [strange] = found.unexplained;
  if (strange !== undefined) {
    return `line ${strange.line} (${strange.text}) does not fit what came before it: ` +
      "some event is missing";
  }
  if (about !== undefined) return about;
  const [incomplete] = doubts.incomplete;
  if (incomplete !== undefined && (exercised || check.files.size > 0)) return incomplete;
  if (open !== undefined) return openReason(id, open, found.undecided.length, check.completeness);
  return undefined;
}

function openReason(
  id: string,
  { line }: Where,
  count: number,
  completeness: Completeness,
): string {
  const others = count > 1 ? ` (and ${count - 1} more)` : "";
  if (id === "DAX-CLEAN-2") {
    return `whether the pass that ended at line ${line}${others} protected every mapping is not ` +
      "shown: no probe on pfn_mkclean_range or follow_invalidate_pte decides it, " +
      "and no fault or marked store follows";
  }
  if (id === "DAX-TAG-4" && !completeness.removesWholeEntries) {
    return `whether the call at line ${line}${others} deleted the PMD entry is not shown: ` +
      "name the kernel with --kernel, or fsync before the trace ends";
  }
  return `line ${line}${others} can be explained with and without a breach`;
}
