/**
 * What a check has found of the page cache, invariant by invariant.
 *
 * @module
 */
import type { BreachFound } from "../breaches.ts";
import type { Grounds, Reading } from "../verdict.ts";
import { fileKey } from "../observation.ts";
import { callKey } from "./findings.ts";
import { type PageCacheId, pageCacheIds } from "./ids.ts";
import { silentOf } from "./silent_syncs.ts";
import type { PageCacheCheck } from "./subject.ts";
import type { Why } from "../why.ts";
import type { UnjudgedOccasions } from "./why.ts";

/** What was found of every invariant that a recording of the page cache can decide. */
export function pageCacheGrounds(check: PageCacheCheck, reading: Reading): readonly Grounds[] {
  return pageCacheIds.map((id) => groundsOf(id, check, reading));
}

function groundsOf(
  id: PageCacheId,
  check: PageCacheCheck,
  reading: Reading,
): Grounds {
  const { findings } = check;
  const [loss] = reading.losses;
  const absence = reading.whole && reading.everybody && loss === undefined &&
    findings.misfit === undefined;
  const isUncut = reading.counted && reading.everybody && loss === undefined;
  const isOfTwins = ({ file }: BreachFound): boolean => findings.twins.has(fileKey(file));
  const isOfId = ({ violation }: BreachFound): boolean => violation.id === id;
  const paired = findings.paired.kept.filter(isOfId);
  const shown = [...findings.violations.kept.filter(isOfId), ...isUncut ? paired : []];
  const absent = findings.absent.kept.filter(({ breach }) => breach.violation.id === id);
  const mixed = [...shown, ...absent.map(({ breach }) => breach)].find(isOfTwins);
  const judged = findings.judged.get(id) ?? 0;
  const unjudged = unjudgedOf(id, check, absence);
  return {
    id,
    unshown: undefined,
    judged,
    breaches: oneACall([
      ...shown,
      ...absence ? absent.map(({ breach }) => breach) : [],
    ].filter((each) => !isOfTwins(each))),
    more: mixed === undefined
      ? findings.violations.beyond(id) + (isUncut ? findings.paired.beyond(id) : 0) +
        (absence ? findings.absent.beyond(id) : 0)
      : 0,
    open: 0,
    unjudged,
    unsure: reading.untrusted,
    doubt: mixedOf(mixed, loss) ?? absenceOf(absent) ?? unpairedOf(paired) ?? mostOf(unjudged) ??
      (judged > 0 ? loss ?? reading.disordered ?? unmarked(id, check) : undefined),
    idle: idle(id, check),
  };
}

/**
 * What looks broken of two inodes that the recording takes for one. Where events were lost, they may be one:
 * that a folio left the cache before another came may be among what was lost.
 */
function mixedOf(breach: BreachFound | undefined, loss: Why | undefined): Why | undefined {
  if (breach === undefined) return undefined;
  return loss ?? { kind: "rests_on_absence", line: breach.violation.at.line, missing: "inode" };
}

/** What looks broken only if something was surely absent. */
function absenceOf([first]: PageCacheCheck["findings"]["absent"]["kept"]): Why | undefined {
  if (first === undefined) return undefined;
  const { breach, missing } = first;
  return { kind: "rests_on_absence", line: breach.violation.at.line, missing };
}

/** What looks broken only if what looks like one call is one. */
function unpairedOf([breach]: readonly BreachFound[]): Why | undefined {
  if (breach === undefined) return undefined;
  return { kind: "rests_on_absence", line: breach.violation.at.line, missing: "pairing" };
}

/** What could not be judged, the most frequent reason first. */
function unjudgedOf(
  id: PageCacheId,
  check: PageCacheCheck,
  absence: boolean,
): readonly UnjudgedOccasions[] {
  const reasons = check.findings.unjudged.get(id) ?? [];
  const unjudged = [...reasons].map(([missing, { first: { line }, count }]) => ({
    missing,
    line,
    count,
  }));
  const silent = id === "DUR-1" ? silentOf(check.findings.silent) : undefined;
  const calls = silent === undefined ? [] : [silent];
  return [...unjudged, ...unnamedOf(id, check, absence), ...calls].sort((one, other) =>
    other.count - one.count
  );
}

function mostOf([most]: readonly UnjudgedOccasions[]): Why | undefined {
  if (most === undefined) return undefined;
  const { line, count, missing } = most;
  return { kind: "unjudged_calls", line, more: count - 1, missing };
}

/**
 * Of which file system a syncfs was, if none of its lines tells. One of which some sync has printed a line
 * prints one in each: where no line is missing, a syncfs without is of another.
 */
function unnamedOf(
  id: PageCacheId,
  { findings: { unnamed, synced } }: PageCacheCheck,
  absence: boolean,
): readonly UnjudgedOccasions[] {
  if (id !== "DUR-1") return [];
  const open = unnamed.filter(({ devices }) => !absence || devices.some((dev) => !synced.has(dev)));
  const [first] = open;
  if (first === undefined) return [];
  return [{ missing: "filesystem", line: first.where.line, count: open.length }];
}

function unmarked(id: PageCacheId, { findings }: PageCacheCheck): Why | undefined {
  return id === "STABLE-1" && findings.numbers.stores === 0
    ? { kind: "unmarked_stores" }
    : undefined;
}

/** Why an invariant could not have been broken, where that has a reason of its own. */
function idle(
  id: PageCacheId,
  { settings, files, findings }: PageCacheCheck,
): Why | undefined {
  if (id !== "STABLE-1" && id !== "STABLE-2") return undefined;
  if (findings.numbers.writebacks === 0 || settings.stableWrites === true) return undefined;
  const told = settings.stableWrites === false ||
    [...files.values()].some(({ stable }) => stable !== undefined);
  return { kind: told ? "stable_not_needed" : "stable_not_shown" };
}

/** By line, and one for each call, however many folios it concerns. */
function oneACall(breaches: readonly BreachFound[]): readonly BreachFound[] {
  const groups = Map.groupBy(
    breaches,
    callKey,
  );
  return [...groups.values()].flatMap((group) => {
    const pgoffs = [...new Set(group.flatMap((each) => each.pgoffs))].sort((a, b) => a - b);
    const longest = group.reduce((one, other) =>
      other.violation.because.length > one.violation.because.length ? other : one
    );
    return [{ ...longest, pgoffs }];
  }).sort((one, other) => one.violation.at.line - other.violation.at.line);
}
