/**
 * Runs processes step by step on one world: whose step it is, and what the file system does on its own.
 *
 * @module
 */
import type { Bug } from "./bugs.ts";
import { commit } from "./folio.ts";
import type { OperationPlace, ScenarioLayout } from "./layout.ts";
import { type Failure, joinBytes, moves, type Observation, type Result } from "./observation.ts";
import type { Program, Turn } from "./program.ts";
import { programOf } from "./programs.ts";
import { reclaimMove } from "./simple.ts";
import { createWorld, Status, type World } from "./world.ts";
import { flusherMoves } from "./writeback.ts";

/** What runs in a scenario. */
interface Programs {
  /** The program of each operation, and where its labels are. */
  readonly programs: readonly Program[];
  readonly labels: readonly ReadonlyMap<string, number>[];
}

/** A world with what runs on it. */
export interface ScenarioMachine extends Programs {
  readonly world: World;
  readonly turn: Turn;
}

/** A step that was taken: which, by whom. */
export interface Taken {
  /** Id of the operation, or `kernel` for what no process asked for. */
  readonly operation: string;
  readonly step: string;
  /** Which of the step's ways, from 0. */
  readonly way: number;
}

/** A scenario is run again and again, by the same programs. */
const knownPrograms = new WeakMap<ScenarioLayout, Programs>();

function programsOf(layout: ScenarioLayout): Programs {
  const known = knownPrograms.get(layout);
  if (known !== undefined) return known;
  const programs = layout.places.map((place) => programOf(layout, place));
  const labels = programs.map((program) =>
    new Map(program.map(({ label }, index) => [label, index]))
  );
  const own = { programs, labels };
  knownPrograms.set(layout, own);
  return own;
}

/** A machine at the start of the scenario. */
export function createMachine(layout: ScenarioLayout, bug?: Bug): ScenarioMachine {
  const world = createWorld(layout, bug);
  const place = layout.places[0];
  if (place === undefined) throw new RangeError("a scenario without operations");
  layout.programs.forEach((program, process) => {
    world.cursor[process] = layout.places[program[0] ?? 0]?.pages.first ?? 0;
  });
  return { ...programsOf(layout), world, turn: { world, process: 0, place, way: 0 } };
}

/** True if the process has nothing left to do. */
export function hasEnded({ world }: ScenarioMachine, process: number): boolean {
  return (world.operation[process] ?? 0) >= (world.layout.programs[process]?.length ?? 0);
}

/** True if all processes have ended. */
export function haveAllEnded(machine: ScenarioMachine): boolean {
  return machine.world.layout.programs.every((_, process) => hasEnded(machine, process));
}

/** The operation of a number with what it touches: what its descriptor was opened on. */
function placeAt({ layout, opened }: World, index: number): OperationPlace | undefined {
  const place = layout.places[index];
  if (place === undefined || place.fd < 0) return place;
  return layout.placesOn[opened[place.fd] ?? 0]?.[index] ?? place;
}

/** The number of the operation at which a process stands, or -1 at its end. */
export function standsAt({ world }: ScenarioMachine, process: number): number {
  return world.layout.programs[process]?.[world.operation[process] ?? 0] ?? -1;
}

/**
 * Takes the next step of a process in the way of this number.
 *
 * @returns what was taken; `blocked` if it cannot be taken now, `none` if there is no such way
 */
export function takeStep(
  machine: ScenarioMachine,
  process: number,
  way: number,
): "taken" | "blocked" | "none" {
  const { world, programs, turn } = machine;
  const index = standsAt(machine, process);
  const place = placeAt(world, index);
  if (place === undefined) return "none";
  const at = world.step[process] ?? 0;
  if (at === 0) {
    for (const each of place.after) if (world.status[each] === Status.PENDING) return "blocked";
  }
  turn.process = process;
  turn.place = place;
  turn.way = way;
  const next = programs[index]?.[at]?.take(turn) ?? "none";
  if (next === "blocked") return "blocked";
  if (next === "none") return "none";
  if (next === "done") endOperation(machine, process);
  else world.step[process] = next === "next" ? at + 1 : stepOf(machine, index, next);
  return "taken";
}

function stepOf({ labels }: ScenarioMachine, index: number, label: string): number {
  const at = labels[index]?.get(label);
  if (at === undefined) throw new RangeError(`no step ${label}`);
  return at;
}

/** On to the next operation; a process that was killed has no next. */
function endOperation({ world }: ScenarioMachine, process: number): void {
  const { layout, status } = world;
  const program = layout.programs[process] ?? [];
  const ended = program[world.operation[process] ?? 0] ?? -1;
  world.step[process] = world.note[process] = world.held[process] = 0;
  world.operation[process] = (world.operation[process] ?? 0) + 1;
  if (status[ended] === Status.SIGBUS || status[ended] === Status.ENOENT) {
    for (const each of program) if (status[each] === Status.PENDING) status[each] = Status.CUT;
    world.operation[process] = program.length;
  }
  const next = program[world.operation[process] ?? 0] ?? -1;
  world.cursor[process] = placeAt(world, next)?.pages.first ?? 0;
}

/** Labels of what the file system may do on its own, in the order of {@link takeKernelStep}. */
export function kernelSteps({ crashes, pages, medium, files }: ScenarioLayout): readonly string[] {
  const commits = crashes ? ["commits"] : [];
  if (medium.cache === "dax") return commits;
  const names = pages.map(({ file, from }) => `${files[file]} page ${from / 4096}`);
  return [
    ...names.map((name) => `writes back ${name}`),
    ...names.map((name) => `reclaims ${name}`),
    ...commits,
  ];
}

/** Takes what the file system may do on its own; false if it may not now. */
export function takeKernelStep({ world }: ScenarioMachine, number: number): boolean {
  const { crashes, pages, medium } = world.layout;
  if (world.crashed[0] === 1) return false;
  const cached = medium.cache === "dax" ? 0 : pages.length;
  if (number < cached) return act(flusherMoves(world, number));
  if (number < 2 * cached) return act(reclaimMove(world, number - cached));
  if (!crashes) return false;
  commit(world);
  return true;
}

function act(move: (() => void) | undefined): boolean {
  move?.();
  return move !== undefined;
}

/** What was observed. Operations that have not ended hang. */
export function observe({ world }: ScenarioMachine): Observation {
  const { layout, status } = world;
  const observed: { [id: string]: Result } = {};
  for (const { operation, index } of layout.places) {
    const failure = failureOf(status[index] ?? Status.PENDING);
    const result = failure ?? readResult(world, index);
    if (result !== undefined) observed[operation.id] = result;
  }
  return observed;
}

function failureOf(status: number): Failure | undefined {
  if (status === Status.PENDING) return "hang";
  if (status === Status.EIO) return "EIO";
  if (status === Status.EFAULT) return "EFAULT";
  if (status === Status.EBUSY) return "EBUSY";
  if (status === Status.ENOSPC) return "ENOSPC";
  if (status === Status.ENOENT) return "ENOENT";
  if (status === Status.SIGBUS) return "SIGBUS";
  return status === Status.CUT ? "cut" : undefined;
}

function readResult(world: World, index: number): Result | undefined {
  const { layout: { values, atoms }, readAt, read, count } = world;
  const place = placeAt(world, index);
  const at = readAt[index] ?? 0;
  if (place?.operation.kind === "load") return values[read[at] ?? 0] ?? 0;
  if (place?.operation.kind === "pwrite" && (count[index] ?? 0) === 0) return undefined;
  if (place !== undefined && moves(place.operation)) {
    const end = place.atoms.first + (count[index] ?? 0);
    const moved = atoms.slice(place.atoms.first, end);
    const bytes = moved.reduce((sum, { from, to }) => sum + to - from, 0);
    return bytes === place.operation.length ? undefined : bytes;
  }
  if (place?.operation.kind !== "pread" || place.bufferMapping >= 0) return undefined;
  const runs = Array.from({ length: count[index] ?? 0 }, (_, each) => {
    const { from, to } = atoms[place.atoms.first + each] ?? { from: 0, to: 0 };
    return [to - from, values[read[at + each] ?? 0] ?? 0] as const;
  });
  return joinBytes(runs);
}
