/**
 * Operation vectors: files, processes that work on them, and everything that may be observed.
 *
 * They test implementations. The allowed observations are all there are: what is not among them is a
 * failure, and the forbidden ones only say which invariant an implementation broke that shows them.
 *
 * @module
 */
import { match } from "../../model/match.ts";
import { explore } from "../../model/operation/explore.ts";
import { type Bug, bugNames, bugs } from "../../model/operation/bugs.ts";
import { layOut } from "../../model/operation/layout.ts";
import { type Observation, observationKey } from "../../model/operation/observation.ts";
import type { Operation } from "../../model/operation/operation.ts";
import {
  type FileStart,
  type Medium,
  moreThanThereIs,
  operationsOf,
  type Process,
  type Scenario,
} from "../../model/operation/scenario.ts";
import { pageSize } from "../../model/page_size.ts";
import { stepText } from "./schedule_step.ts";
import type { Configuration, Vector } from "./vector.ts";
import type { Capability } from "./vocabulary.ts";

/** An observation that an implementation may show. */
interface Allowed {
  readonly observation: Observation;
  /**
   * A shortest run of the model that ends in it, a step a line: the id of the operation that goes on
   * (`kernel` for what nobody asked for), the step's name, and which of its ways if it has several.
   */
  readonly schedule: readonly string[];
}

/** An observation that only a buggy implementation shows. */
interface Forbidden {
  readonly observation: Observation;
  /** What is broken: one of these invariants, the likeliest first. */
  readonly invariants: readonly [string, ...string[]];
  /**
   * Runs of buggy models that end in it, one for each bug that has no shorter one elsewhere. On a
   * sound implementation the same order of processes ends in something allowed. Empty where no bug
   * of the model shows it.
   */
  readonly schedules: readonly (readonly string[])[];
}

/** The body of an operation vector. */
export interface OperationBody {
  readonly kind: "operation";
  readonly files: { readonly [name: string]: FileStart };
  readonly processes: readonly Process[];
  /** Sorted by their text; at least one. */
  readonly allowed: readonly Allowed[];
  /** Sorted by their text; disjoint from the allowed ones. */
  readonly forbidden: readonly Forbidden[];
}

/** A whole operation vector. */
export type OperationVector = Vector<OperationBody>;

/** Every file system that a vector of this configuration speaks of, as the model knows them. */
export function mediaOf(configuration: Configuration): readonly [Medium, ...Medium[]] {
  const stableWrites = configuration.stableWrites === "required";
  const blockSize = configuration.blocks === "smaller" ? pageSize / 4 : pageSize;
  const medium = (cache: Medium["cache"]): Medium => ({ cache, stableWrites, blockSize });
  return match(configuration.cache)
    .returnType<readonly [Medium, ...Medium[]]>()
    .with("any", () => [medium("page_cache"), medium("dax")])
    .with("page_cache", "dax", (cache) => [medium(cache)])
    .exhaustive();
}

/** What the model finds for a scenario: observations, and which bugs show others. */
interface Oracle {
  readonly allowed: readonly Allowed[];
  readonly forbidden: readonly Forbidden[];
  /** Bugs of the model that the scenario finds, in their order. */
  readonly kills: readonly Bug[];
  readonly states: number;
}

/** How many forbidden observations of one bug a vector names. */
const forbiddenPerBug = 4;

/**
 * Asks the model what a scenario may show on every medium of the configuration.
 *
 * @throws {RangeError} if the media disagree: then they need a vector each
 */
export function askModel(scenario: Scenario, configuration: Configuration): Oracle {
  const media = mediaOf(configuration);
  const found = media.map((medium) => askMedium(scenario, medium));
  const [first, ...others] = found;
  if (first === undefined) throw new RangeError("no medium");
  const keys = first.allowed.map(({ observation }) => observationKey(observation));
  for (const other of others) {
    const different = other.allowed.map(({ observation }) => observationKey(observation));
    if (keys.join("\n") !== different.join("\n")) {
      throw new RangeError(`the media disagree: ${keys.join(" | ")} and ${different.join(" | ")}`);
    }
  }
  return {
    allowed: first.allowed,
    forbidden: joinForbidden(found.flatMap(({ forbidden }) => forbidden)),
    kills: bugNames.filter((bug) => found.some(({ kills }) => kills.includes(bug))),
    states: found.reduce((sum, { states }) => sum + states, 0),
  };
}

function askMedium(scenario: Scenario, medium: Medium): Oracle {
  const layout = layOut(scenario, medium);
  const { reached, states, asked, shownWith } = explore(layout);
  const forbidden: Forbidden[] = [];
  const kills: Bug[] = [];
  for (const bug of bugNames.filter((each) => asked.has(each))) {
    const shown = [...shownWith(bug).values()]
      .sort((one, other) => one.schedule.length - other.schedule.length);
    if (shown.length > 0) kills.push(bug);
    forbidden.push(
      ...shown.slice(0, forbiddenPerBug).map(({ observation, schedule }, at): Forbidden => ({
        observation,
        invariants: [bugs[bug].breaks],
        schedules: at === 0 ? [schedule.map(stepText)] : [],
      })),
    );
  }
  const allowed = [...reached.values()].map(({ observation, schedule }) => ({
    observation,
    schedule: schedule.map(stepText),
  }));
  return { allowed, forbidden: joinForbidden(forbidden), kills, states };
}

/** One entry an observation, with every invariant that was named for it. */
export function joinForbidden(all: readonly Forbidden[]): readonly Forbidden[] {
  const byKey = new Map<string, Forbidden>();
  for (const { observation, invariants, schedules } of all) {
    const key = observationKey(observation);
    const known = byKey.get(key);
    const [first, ...rest] = known?.invariants ?? invariants;
    const more = [...rest, ...invariants].filter((id) => id !== first);
    const texts = new Map(
      [...known?.schedules ?? [], ...schedules].map((each) => [each.join("\n"), each]),
    );
    byKey.set(key, {
      observation,
      invariants: [first, ...new Set(more)],
      schedules: [...texts.values()],
    });
  }
  return [...byKey].sort(([a], [b]) => a < b ? -1 : 1).map(([, each]) => each);
}

/** What an implementation must be able to do to run a scenario. */
export function capabilitiesOf(scenario: Scenario): readonly Capability[] {
  return operationsOf(scenario).flatMap(capabilitiesOfOperation);
}

function capabilitiesOfOperation(operation: Operation): readonly Capability[] {
  return match(operation)
    .returnType<readonly Capability[]>()
    .with({ kind: "open" }, ({ flags }) => [
      ...flags.includes("O_DIRECT") ? ["direct_io"] as const : [],
      ...flags.includes("O_DSYNC") || flags.includes("O_SYNC") ? ["dsync"] as const : [],
    ])
    .with({ kind: "mmap" }, ({ sharing, sync, level }) => [
      sharing === "private" ? "private_mmap" : "mmap",
      ...sync === true ? ["map_sync"] as const : [],
      ...level === "pmd" ? ["pmd"] as const : [],
    ])
    .with({ kind: "pwrite" }, ({ async, dsync }) => [
      ...async === true ? ["async_io"] as const : [],
      ...dsync === true ? ["dsync"] as const : [],
    ])
    .with({ kind: "fallocate" }, ({ mode, length }) => [
      mode,
      ...length >= moreThanThereIs ? ["enospc"] as const : [],
    ])
    .with({ kind: "msync" }, () => ["msync"])
    .with({ kind: "sync_file_range" }, () => ["sync_file_range"])
    .with({ kind: "syncfs" }, () => ["syncfs"])
    .with({ kind: "evict" }, () => ["evict"])
    .with({ kind: "flush_cache" }, () => ["flush_cache"])
    .with({ kind: "reflink" }, () => ["reflink"])
    .with({ kind: "copy_file_range" }, { kind: "splice" }, ({ kind }) => [kind])
    .with({ kind: "rename" }, { kind: "link" }, { kind: "fsync_directory" }, () => ["names"])
    .with({ kind: "inject_error" }, () => ["inject_error"])
    .with({ kind: "crash" }, () => ["crash"])
    .with(
      { kind: "close" },
      { kind: "munmap" },
      { kind: "load" },
      { kind: "store" },
      { kind: "pread" },
      { kind: "fsync" },
      { kind: "fdatasync" },
      { kind: "ftruncate" },
      () => [],
    )
    .exhaustive();
}
