/**
 * One run of a scenario: along a schedule that somebody gives, or wherever chance leads.
 *
 * @module
 */
import type { Bug } from "./bugs.ts";
import type { Chance } from "./chance.ts";
import type { ScenarioLayout } from "./layout.ts";
import {
  createMachine,
  hasEnded,
  haveAllEnded,
  kernelSteps,
  observe,
  type ScenarioMachine,
  standsAt,
  takeKernelStep,
  type Taken,
  takeStep,
} from "./machine.ts";
import type { Observation } from "./observation.ts";

/**
 * Runs along a schedule. A step that cannot be taken as it is written gives the process a step of its
 * own; what is left at the end runs process by process. So any file system can follow any schedule.
 */
export function walkAlong(
  layout: ScenarioLayout,
  schedule: readonly Taken[],
  bug?: Bug,
): Observation {
  const machine = createMachine(layout, bug);
  const kernel = kernelSteps(layout);
  const owners = new Map(layout.places.map(({ operation, process }) => [operation.id, process]));
  for (const { operation, step, way } of schedule) {
    const process = owners.get(operation);
    if (process === undefined) {
      const number = kernel.indexOf(step);
      if (number >= 0) takeKernelStep(machine, number);
    } else if (takeStep(machine, process, way) === "none") takeStep(machine, process, 0);
  }
  runToEnd(machine, (processes) => processes[0] ?? 0, () => 0);
  return observe(machine);
}

/** Steps after which a run counts as going round in circles. */
const limit = 10_000;

/**
 * Runs wherever chance leads. How readily it changes from one process to another, and how often the
 * kernel acts on its own, is chosen anew for every run: some races want a step here and a step there,
 * others want one process to stand still while another runs on.
 */
export function walkAtRandom(layout: ScenarioLayout, chance: Chance, bug?: Bug): Observation {
  const machine = createMachine(layout, bug);
  const kernel = kernelSteps(layout).length;
  const stays = [1, 4, 16][chance(3)] ?? 1;
  const rests = [0, 4, 16][chance(3)] ?? 0;
  let current = -1;
  const choose = (processes: readonly number[]): number => {
    if (!processes.includes(current) || chance(stays) === 0) {
      current = processes[chance(processes.length)] ?? 0;
    }
    return current;
  };
  runToEnd(machine, choose, chance, () => {
    if (kernel > 0 && rests > 0 && chance(rests) === 0) takeKernelStep(machine, chance(kernel));
  });
  return observe(machine);
}

/** Runs until all have ended, or nobody can go on. */
function runToEnd(
  machine: ScenarioMachine,
  choose: (processes: readonly number[]) => number,
  chance: Chance,
  between: () => void = () => {},
): void {
  const kernel = kernelSteps(machine.world.layout).length;
  for (let steps = 0; steps < limit && !haveAllEnded(machine); steps++) {
    between();
    const open = machine.world.layout.programs.flatMap((_, process) =>
      hasEnded(machine, process) ? [] : [process]
    );
    const tried = [...open];
    let moved = false;
    while (!moved && tried.length > 0) {
      const process = choose(tried);
      moved = takeOneWay(machine, process, chance);
      if (!moved) tried.splice(tried.indexOf(process), 1);
    }
    for (let number = 0; !moved && number < kernel; number++) {
      moved = takeKernelStep(machine, number);
    }
    if (!moved) return;
  }
}

/** Takes the next step of a process in a way that chance chooses; false if it is blocked. */
function takeOneWay(machine: ScenarioMachine, process: number, chance: Chance): boolean {
  if (standsAt(machine, process) < 0) return false;
  const { words } = machine.world;
  const before = words.slice();
  let ways = 0;
  while (takeStep(machine, process, ways) === "taken") {
    ways++;
    words.set(before);
  }
  if (ways === 0) return false;
  takeStep(machine, process, chance(ways));
  return true;
}
