/**
 * What a check comes to, invariant by invariant.
 *
 * @module
 */
import type { Invariant } from "../invariant.ts";
import { invariants } from "../invariants/catalogue.ts";
import { type BreachFound, type Counted, note, reinstate, tick } from "./findings.ts";
import { baseOf } from "./mapping_id.ts";
import { type Completeness, fileKey } from "./observation.ts";
import { isHarmless } from "./observe.ts";
import { type Check, pmdOf } from "./subject.ts";

export type { BreachFound } from "./findings.ts";

/** `unexercised`: nothing in the recording could have broken it. */
export type Verdict = "holds" | "violated" | "undecided" | "unexercised";

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

/** True for an invariant that a recording can decide. */
export function isDecidable(id: string): boolean {
  return decidable.has(id);
}

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

/** Invariants that hang on when entries were cleaned. */
const aboutCleaning: ReadonlySet<string> = new Set([
  "DAX-TAG-4",
  "DAX-CLEAN-2",
  "DAX-WAIT-1",
  "DUR-1",
]);

/** What else a summary must know: of the reader and the translator. */
interface Doubts {
  /** Reasons for which nothing can be said to hold: lost events, lines that are missing. */
  readonly incomplete: readonly string[];
  /** Why even a breach cannot be relied on: what it rests on may have been taken out. */
  readonly untrusted: string | undefined;
  /** True if the text is known to be whole: nothing was lost, and nothing was taken out. */
  readonly whole: boolean;
  /** Why a breach of one invariant alone cannot be relied on. */
  readonly unproven: ReadonlyMap<string, string>;
  /** Reasons for which one invariant alone cannot be said to hold. */
  readonly about: ReadonlyMap<string, string>;
}

/** What stands at the end of the recording. */
interface Ending {
  readonly groups: ReadonlyMap<string, readonly BreachFound[]>;
  readonly open: ReadonlyMap<string, Counted>;
  readonly harmless: ReadonlyMap<string, number>;
}

/** The verdict on every invariant of the catalogue, in its order. */
export function summarise(check: Check, doubts: Doubts): readonly InvariantResult[] {
  if (doubts.whole && check.findings.gapCount === 0) reinstate(check.findings);
  const ending = endingOf(check);
  const implied = new Map<string, string>();
  for (const { id, implies } of invariants) {
    if (doubts.untrusted !== undefined || doubts.unproven.has(id)) continue;
    if (!ending.groups.has(id) || !decidable.has(id)) continue;
    for (const each of implies) if (!implied.has(each)) implied.set(each, id);
  }
  // What is about whole files is judged by exploration; a small world holds one page.
  return invariants.filter(({ about }) => about !== "file")
    .map((invariant) => conclude(invariant, ending, implied, check, doubts));
}

function endingOf({ findings, files, gaps }: Check): Ending {
  const open = new Map(findings.lapsed);
  const harmless = new Map(findings.harmless);
  for (const file of files.values()) {
    for (const page of file.pages.values()) {
      for (const world of page.worlds) {
        if (world.gaps !== gaps) continue;
        world.set.occasions.forEach(({ id, counted }, place) => {
          const occasion = world.occasions[place];
          if (!counted || occasion === undefined) return;
          if (isHarmless(world, occasion)) tick(harmless, id);
          else note(open, id, occasion.where);
        });
      }
    }
  }
  const groups = Map.groupBy(findings.violations, ({ violation }) => violation.id);
  return {
    groups: new Map([...groups].map(([id, found]) => [id, inOrder(found)])),
    open,
    harmless,
  };
}

/** By line, and one for each call or pass and PMD range. */
function inOrder(breaches: readonly BreachFound[]): readonly BreachFound[] {
  const groups = Map.groupBy(breaches, ({ file, pgoffs, mapping, violation }) => {
    const [pgoff = 0] = pgoffs;
    const at = mapping === undefined ? "" : baseOf(mapping);
    return `${fileKey(file)} ${pmdOf(pgoff)} ${violation.at.line} ${at}`;
  });
  return [...groups.values()]
    .flatMap((group) => {
      const pgoffs = [...new Set(group.flatMap((each) => each.pgoffs))]
        .sort((one, other) => one - other);
      return group.slice(0, 1).map((first) => ({ ...first, pgoffs }));
    })
    .sort((one, other) => one.violation.at.line - other.violation.at.line);
}

function conclude(
  { id, about }: Invariant,
  ending: Ending,
  implied: ReadonlyMap<string, string>,
  check: Check,
  doubts: Doubts,
): InvariantResult {
  const judged = check.findings.judged.get(id) ?? 0;
  const breaches = ending.groups.get(id) ?? [];
  const result = (verdict: Verdict, why?: string): InvariantResult => ({
    id,
    verdict,
    judged,
    breaches: verdict === "violated" ? breaches : [],
    why,
    open: ending.harmless.get(id) ?? 0,
  });
  if (!decidable.has(id)) {
    const blind = unseen.get(id) ?? "no event that is translated shows it";
    return { ...result("unexercised", blind), judged: 0 };
  }
  const cause = implied.get(id);
  if (cause !== undefined) {
    return result("undecided", `implied by the breach of ${cause}; a recording holds no crash`);
  }
  const [breach] = breaches;
  if (breach !== undefined) {
    const untrusted = doubts.untrusted ?? doubts.unproven.get(id);
    if (untrusted === undefined) return result("violated");
    const { line } = breach.violation.at;
    return result("undecided", `it looks broken at line ${line}, but ${untrusted}`);
  }
  const single = oneSided.get(id);
  if (single !== undefined && !check.findings.withdrawn.has(id) && !departedBy(id, check)) {
    return { ...result("unexercised", single), judged: 0 };
  }
  const why = reason(id, about, ending, check, doubts);
  if (why !== undefined) return result("undecided", why);
  if (judged > 0) return result("holds");
  const harmless = ending.harmless.get(id) ?? 0;
  if (harmless === 0) return result("unexercised");
  const were = harmless === 1 ? "one occasion was" : `${harmless} occasions were`;
  return result("unexercised", `${were} left open, but no store followed`);
}

/** A pass over a hole is what DAX-TAG-3 forbids, but for kernels that are not told to do it. */
function departedBy(id: string, { findings }: Check): boolean {
  return id === "DAX-TAG-3" && findings.departed.has("entry");
}

/** Why an invariant that nothing has broken cannot be said to hold; undefined if it can. */
function reason(
  id: string,
  about: Invariant["about"],
  ending: Ending,
  { findings, files, completeness }: Check,
  doubts: Doubts,
): string | undefined {
  const withdrawn = findings.withdrawn.get(id);
  if (withdrawn !== undefined) {
    const line = withdrawn.first.line;
    return `it looks broken at line ${line}, but around there some event is missing`;
  }
  const watch = about === "file" ? "entry" : about;
  const [suspended] = findings.suspended.filter(({ violation }) => violation.id === id);
  if (suspended !== undefined) {
    return `it looks broken at line ${suspended.violation.at.line}, but a pass around there has ` +
      "left out an entry that was DIRTY: a dax_writeback_one may be missing";
  }
  if (findings.uncleaned !== undefined && aboutCleaning.has(id)) {
    return uncleanedReason(findings.uncleaned);
  }
  const strange = findings.unexplained.get(watch);
  if (strange !== undefined) {
    return `line ${strange.first.line} (${strange.first.text}) does not fit what came before it: ` +
      "an event is missing, or a call that is not recorded (mprotect, madvise) came between";
  }
  const departed = findings.departed.get(watch);
  if (departed !== undefined) {
    return `line ${departed.first.line} (${departed.first.text}) fits what came before it in no ` +
      "released kernel, but 6.0 and 6.1, where read faults mark entries: name the kernel with " +
      "--kernel; if it is neither, an event is missing";
  }
  if (findings.silent !== undefined && id === "DAX-TAG-4") {
    return `before line ${findings.silent.first.line} an entry was removed, and no recorded call did ` +
      "that: record the calls that truncate, ext4:ext4_truncate_enter or " +
      "xfs:xfs_itruncate_extents_start, and xfs:xfs_reflink_remap_range";
  }
  const single = doubts.about.get(id);
  if (single !== undefined) return single;
  const open = ending.open.get(id);
  const exercised = findings.judged.has(id) || open !== undefined;
  const [incomplete] = doubts.incomplete;
  if (incomplete !== undefined && (exercised || files.size > 0)) return incomplete;
  if (open !== undefined) return openReason(id, open, completeness);
  return undefined;
}

/** Why nothing is known of cleaning where a pass shows none of it. */
export function uncleanedReason({ first: { line } }: Counted): string {
  return `the pass that ended at line ${line} should have cleaned an entry that was DIRTY, but no ` +
    "dax_writeback_one up to there tells of any: record it, if it is not";
}

/** What else may have removed an entry, and what would tell. */
const truncated =
  "the file may have been truncated by path or by open(2) before. A fault on the page " +
  "later on tells, so load it at the end; or record ext4:ext4_truncate_enter or " +
  "xfs:xfs_itruncate_extents_start";

function openReason(
  id: string,
  { first: { line, text }, count }: Counted,
  { removesWholeEntries, removals }: Completeness,
): string {
  const others = count > 1 ? ` (and ${count - 1} more)` : "";
  if (id === "DAX-CLEAN-2") {
    return `whether the pass that ended at line ${line}${others} protected every mapping is not ` +
      "shown: no probe on pfn_mkclean_range or follow_invalidate_pte decides it, " +
      "and no fault or marked store follows";
  }
  if (id === "DAX-TAG-4" && !removesWholeEntries) {
    return `whether the call at line ${line}${others} deleted the PMD entry is not shown: ` +
      "name the kernel with --kernel, or fsync before the trace ends";
  }
  if (id === "DAX-TAG-4" && !removals) {
    return `what removed the entry before line ${line}${others} is not shown: the trace has no ` +
      "fallocate and no ftruncate, so that these may not be recorded";
  }
  if (id === "DAX-TAG-4") {
    return `whether the entry was still there when the call at line ${line}${others} removed it is ` +
      `not shown: ${truncated}`;
  }
  if (id === "DAX-WAIT-1") {
    return `whether the entry was still there when the call that returned at line ${line}${others} ` +
      `passed over it is not shown: ${truncated}`;
  }
  return `line ${line} (${text})${others} fits what came before it with and without a breach, and ` +
    "nothing later tells which";
}
