/**
 * One run of an operation vector: along a schedule, or wherever chance leads.
 *
 * @module
 */
import type { Chance } from "../../../model/operation/chance.ts";
import { operationsOf, type Scenario } from "../../../model/operation/scenario.ts";
import { pageSize } from "../../../model/page_size.ts";
import { stepOf } from "../../format/schedule_step.ts";
import type { Performed, RunningFileSystem } from "./operations.ts";
import { ScenarioRun } from "./run.ts";

/** What the kernel may do unasked, by the name that it has in a schedule. */
type KernelSteps = ReadonlyMap<string, () => Performed>;

/**
 * Runs along a schedule. Each line gives its process one step; what cannot go on is passed over, and
 * after the last line every process runs to its end.
 */
export async function walkAlong(
  system: RunningFileSystem,
  scenario: Scenario,
  steps: readonly string[],
): Promise<ScenarioRun> {
  const run = new ScenarioRun(system, scenario.processes);
  const kernel = kernelSteps(system, scenario);
  for (const { operation, step } of steps.map(stepOf)) {
    if (operation === "kernel") run.stepKernel(kernel.get(step));
    else run.step(run.ownerOf(operation));
    // A promise a step would be most of the time of a run that awaits nothing.
    if (run.isAwaiting) await run.breathe();
  }
  while (!run.isOver()) {
    if (run.isStalled) {
      await run.settle();
      continue;
    }
    run.stepKernel();
    const [first] = run.ready();
    if (first !== undefined) run.step(first);
    if (run.isAwaiting) await run.breathe();
  }
  return run;
}

/**
 * Runs wherever chance leads. How readily it changes from one process to another, and how often the
 * kernel acts unasked, is chosen anew for every run: some races want a step here and a step there,
 * others want one process to stand still while another runs on.
 */
export async function walkAtRandom(
  system: RunningFileSystem,
  scenario: Scenario,
  chance: Chance,
): Promise<ScenarioRun> {
  const run = new ScenarioRun(system, scenario.processes);
  const kernel = [...kernelSteps(system, scenario).values()];
  const stays = [1, 4, 16][chance(3)] ?? 1;
  const rests = [0, 4, 16][chance(3)] ?? 0;
  let current = -1;
  while (!run.isOver()) {
    if (run.isStalled) {
      await run.settle();
      continue;
    }
    const acts = run.kernelIsBusy || (rests > 0 && kernel.length > 0);
    if (acts && chance(rests) === 0) run.stepKernel(kernel[chance(kernel.length)]);
    const ready = run.ready();
    if (!ready.includes(current) || chance(stays) === 0) {
      current = ready[chance(ready.length)] ?? -1;
    }
    run.step(current);
    if (run.isAwaiting) await run.breathe();
  }
  return run;
}

function kernelSteps(system: RunningFileSystem, scenario: Scenario): KernelSteps {
  const steps = new Map<string, () => Performed>();
  for (const file of Object.keys(scenario.files)) {
    for (const page of pagesOf(scenario)) {
      if (system.writeBack !== undefined) {
        steps.set(`writes back ${file} page ${page}`, () => system.writeBack?.(file, page));
      }
      if (system.reclaim !== undefined) {
        steps.set(`reclaims ${file} page ${page}`, () => system.reclaim?.(file, page));
      }
    }
  }
  if (system.commit !== undefined) steps.set("commits", () => system.commit?.());
  return steps;
}

/** The first and the last page of everything that an operation touches. */
function pagesOf(scenario: Scenario): ReadonlySet<number> {
  return new Set(
    operationsOf(scenario).flatMap((operation) => {
      if (!("offset" in operation)) return [];
      const length = "length" in operation ? operation.length : 1;
      return [operation.offset, operation.offset + length - 1].map((byte) =>
        Math.floor(byte / pageSize)
      );
    }),
  );
}
