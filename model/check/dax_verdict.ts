/**
 * What a check has found of DAX files, invariant by invariant.
 *
 * @module
 */
import type { Invariant } from "../invariant.ts";
import { invariants } from "../invariants/catalogue.ts";
import { alternativesOf, type LineClass, type Need, unmet } from "../line_class.ts";
import type { Completeness } from "./completeness.ts";
import { isHarmless } from "./take.ts";
import type { Undecided, Why } from "./why.ts";
import { type BreachFound, breachKey } from "./breaches.ts";
import { type Counted, note, reinstate, tick } from "./findings.ts";
import { keptCount } from "./kept.ts";
import type { Check } from "./subject.ts";
import type { Grounds, Reading } from "./verdict.ts";

/** What stands at the end of the recording. */
interface Ending {
  readonly groups: ReadonlyMap<string, readonly BreachFound[]>;
  readonly open: ReadonlyMap<string, Counted>;
  readonly harmless: ReadonlyMap<string, number>;
}

/** What was found of every invariant of the catalogue, in its order. */
export function daxGrounds(check: Check, reading: Reading): readonly Grounds[] {
  if (reading.whole && check.findings.gapCount === 0) reinstate(check.findings);
  const ending = endingOf(check);
  // What is about whole files is judged by exploration; a small world holds one page.
  return invariants.filter(({ about }) => about !== "file")
    .map((invariant) => groundsOf(invariant, ending, check, reading));
}

/** The first doubt about the invariant that speaks against a breach, or against its being kept. */
function doubtOf(
  { needs, on }: Invariant,
  { doubts, untrusted }: Reading,
  against: "breach" | "kept",
): Why | undefined {
  if (against === "breach" && untrusted !== undefined) return untrusted;
  const found = doubts.find((each) => {
    if (each.against !== against && each.against !== "both") return false;
    return "on" in each.concerns
      ? on.includes(each.concerns.on)
      : needsClass(needs, each.concerns.needs);
  });
  return found?.why;
}

function needsClass(needs: readonly Need[], one: LineClass): boolean {
  return needs.some((need) => alternativesOf(need).includes(one));
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
  const groups = Map.groupBy(findings.violations.kept, ({ violation }) => violation.id);
  return {
    groups: new Map([...groups].map(([id, found]) => [id, inOrder(found)])),
    open,
    harmless,
  };
}

/** By line, and one for each call or pass and PMD range. */
function inOrder(breaches: readonly BreachFound[]): readonly BreachFound[] {
  const groups = Map.groupBy(breaches, breachKey);
  return [...groups.values()]
    .flatMap((group) => {
      const pgoffs = [...new Set(group.flatMap((each) => each.pgoffs))]
        .sort((one, other) => one - other);
      return group.slice(0, 1).map((first) => ({ ...first, pgoffs }));
    })
    .sort((one, other) => one.violation.at.line - other.violation.at.line);
}

function groundsOf(
  invariant: Invariant,
  ending: Ending,
  check: Check,
  reading: Reading,
): Grounds {
  const { id } = invariant;
  const { findings } = check;
  const needs = unmet(invariant.needs, reading.shown);
  const harmless = ending.harmless.get(id) ?? 0;
  const only = invariant.onlyBreachShows && !findings.withdrawn.has(id) &&
    !findings.strayed.has(id);
  const breaches = ending.groups.get(id) ?? [];
  const isSilent = only && breaches.length === 0;
  return {
    id,
    unshown: needs.length > 0 ? { kind: "not_shown", needs } : undefined,
    judged: isSilent ? 0 : keptCount(findings.judged, id),
    breaches,
    more: findings.violations.beyond(id),
    open: harmless,
    unjudged: [],
    unsure: doubtOf(invariant, reading, "breach"),
    doubt: isSilent ? undefined : reason(invariant, ending, check, reading),
    idle: isSilent
      ? { kind: "only_breach_shown" }
      : harmless > 0
      ? { kind: "no_store_followed", occasions: harmless }
      : undefined,
  };
}

/** Why an invariant that nothing has broken cannot be said to hold; undefined if it can. */
function reason(
  invariant: Invariant,
  ending: Ending,
  { findings, files, completeness }: Check,
  reading: Reading,
): Why | undefined {
  const { id, about, needs, on } = invariant;
  const withdrawn = findings.withdrawn.get(id);
  if (withdrawn !== undefined) {
    return { kind: "looks_broken", line: withdrawn.first.line, but: { kind: "event_missing" } };
  }
  const watch = about === "mapping" ? "mapping" : "entry";
  const suspended = findings.suspended.find(({ violation }) => violation.id === id);
  if (suspended !== undefined) {
    const { line } = suspended.violation.at;
    const but = { kind: completeness.counted ? "left_out" : "uncounted" } as const;
    return { kind: "looks_broken", line, but };
  }
  if (
    findings.uncleaned !== undefined && needsClass(needs, "faults") && needsClass(needs, "passes")
  ) {
    return { kind: "cleaning_unrecorded", line: findings.uncleaned.first.line };
  }
  const strange = findings.unexplained.get(watch);
  if (strange !== undefined) return { kind: "misfit", at: strange.first };
  const marking = findings.marking.get(watch);
  if (marking !== undefined) return { kind: "fits_marking_kernels", at: marking.first };
  const departed = findings.departed.get(watch);
  if (departed !== undefined) return { kind: "departs", at: departed.first };
  if (findings.silent !== undefined && on.includes("remove_entry")) {
    return { kind: "unseen_removal", line: findings.silent.first.line };
  }
  const doubt = files.size === 0 ? undefined : doubtOf(invariant, reading, "kept");
  if (doubt !== undefined) return doubt;
  const open = ending.open.get(id);
  const loss = reading.losses[0] ?? reading.disordered;
  if (
    loss !== undefined &&
    (keptCount(findings.judged, id) > 0 || open !== undefined || files.size > 0)
  ) {
    return loss;
  }
  if (open === undefined) return undefined;
  const unknown = unknownOf(invariant, completeness);
  return { kind: "open", at: open.first, more: open.count - 1, unknown };
}

/** What is not known where an occasion of the invariant stays open. */
function unknownOf(
  { about, on }: Invariant,
  { removesWholeEntries, removals, versionKnown }: Completeness,
): Undecided {
  if (about === "mapping" && on.includes("clear_dirty")) return "protection";
  if (on.includes("remove_entry")) {
    if (!removesWholeEntries) return versionKnown ? "newer_kernel" : "kernel";
    return removals ? "presence_at_removal" : "remover";
  }
  return about === "entry" && on.includes("sync_end") ? "presence_at_sync" : "breach";
}
