/**
 * A driver made of a file system: the author implements operations, and everything else is here.
 *
 * @module
 */
import { type Chance, chanceFrom } from "../../../model/operation/chance.ts";
import type { Observation } from "../../../model/operation/observation.ts";
import type { FileStart } from "../../../model/operation/scenario.ts";
import type { Configuration } from "../../format/vector.ts";
import type { Capability } from "../../format/vocabulary.ts";
import type { Driver } from "../driver.ts";
import { histogram } from "../histogram.ts";
import type { Answer, OperationQuestion, Schedule } from "../protocol.ts";
import { Mistake } from "./mistake.ts";
import type { RunningFileSystem } from "./operations.ts";
import type { ScenarioRun } from "./run.ts";
import { walkAlong, walkAtRandom } from "./walk.ts";

/** A file system that can be started again and again. */
export interface FileSystem {
  /** What it is called in reports. */
  readonly name: string;
  /** Version, for reports. */
  readonly version?: string;
  /** What a reader of a report should know besides. */
  readonly details?: string;
  /** What it can do; a vector that needs anything else is skipped. */
  readonly capabilities: readonly Capability[];
  /** True if it has no page cache: loads and stores reach the storage. Vectors of the other kind are skipped. */
  readonly dax?: boolean;
  /** True if pages under writeback do not change. */
  readonly stableWrites?: boolean;
  /** True if its blocks are smaller than a page of 4096 bytes. */
  readonly smallBlocks?: boolean;
  /**
   * Starts it with these files: they are durable, and nothing of them is cached. It is called for every
   * run, and what it returns is dropped after the run.
   */
  readonly start: (
    files: { readonly [name: string]: FileStart },
  ) => RunningFileSystem | Promise<RunningFileSystem>;
}

/** The driver of a file system. It runs forced schedules and sampled ones. */
export function fileSystem(system: FileSystem): Driver {
  const { name, version, details, capabilities } = system;
  return {
    name,
    ...(version === undefined ? {} : { version }),
    ...(details === undefined ? {} : { details }),
    capabilities,
    schedules: ["forced", "sampled"],
    declines: ({ configuration }) => mismatch(system, configuration),
    answer: async (vector, schedule) => {
      if (vector.kind === "event") return { kind: "skipped", why: "a file system has no events" };
      if (schedule === undefined) return { kind: "errored", why: "no schedule was given" };
      try {
        return await runs(system, vector, schedule);
      } catch (error) {
        if (!(error instanceof Mistake)) throw error;
        return { kind: "errored", why: error.message };
      }
    },
  };
}

/** Why a vector of this configuration says nothing of the file system. */
function mismatch(
  { dax = false, stableWrites = false, smallBlocks = false }: FileSystem,
  configuration: Configuration,
): string | undefined {
  const { cache, stableWrites: stable, blocks } = configuration;
  if (cache === "dax" && !dax) return "it is about DAX";
  if (cache === "page_cache" && dax) return "it is about a page cache";
  if (stable === "required" && !stableWrites) return "it is about stable pages under writeback";
  if (blocks === "smaller" && !smallBlocks) return "it is about blocks smaller than pages";
  if (blocks === "page_size" && smallBlocks) return "it is about blocks as large as pages";
  return undefined;
}

async function runs(
  system: FileSystem,
  vector: OperationQuestion,
  schedule: Schedule,
): Promise<Answer> {
  const observed: Observation[] = [];
  const [trials, walk] = schedule.kind === "forced"
    ? [1, (running: RunningFileSystem) => walkAlong(running, vector, schedule.steps)] as const
    : [schedule.trials, atRandom(vector, chanceFrom(schedule.seed))] as const;
  for (let trial = 0; trial < trials; trial++) {
    const run = await walk(await system.start(vector.files));
    observed.push(run.observation);
    // What hangs has taken long, and would again.
    if (run.hangs) break;
  }
  return { kind: "outcome", observations: histogram(observed) };
}

function atRandom(vector: OperationQuestion, chance: Chance) {
  return (running: RunningFileSystem): Promise<ScenarioRun> =>
    walkAtRandom(running, vector, chance);
}
