/**
 * Runs of the operation model, written down as events step by step, one transcript for each file.
 *
 * @module
 */
import { invariants } from "../../model/invariants/catalogue.ts";
import type { Bug } from "../../model/operation/bugs.ts";
import type { OperationPlace, ScenarioLayout } from "../../model/operation/layout.ts";
import {
  createMachine,
  haveAllEnded,
  kernelSteps,
  type ScenarioMachine,
  standsAt,
  takeKernelStep,
  type Taken,
  takeStep,
} from "../../model/operation/machine.ts";
import { createWorld, type World } from "../../model/operation/world.ts";
import { type Breach, type Sequence, startFrom } from "../../vectors/format/event_vector.ts";
import { impliedBy, judgeEvents } from "../../vectors/format/judge_events.ts";
import { disagreement } from "./agreement.ts";
import { commitEvents, convertEvents, mapEvents } from "./block_events.ts";
import { contentEvents, folioEvents, releaseEvents } from "./cache_events.ts";
import { beginEvents, endEvents, semaphoreEvents } from "./call_events.ts";
import {
  collisionEvents,
  completionEvents,
  pinEvents,
  requestEvents,
  shiftEvents,
  transferEvents,
} from "./direct_events.ts";
import {
  cleanEvents,
  insertEvents,
  lockEvents,
  removalEvents,
  unlockEvents,
} from "./entry_events.ts";
import { fileWorldOf, startOf } from "./file_world.ts";
import {
  mapPageEvents,
  protectEvents,
  splitEvents,
  storeEvents,
  unmapEvents,
} from "./mapping_events.ts";
import { emit, type FileMoment, type Transcript } from "./moment.ts";
import { exempt } from "./unbound.ts";

/** A file's transcript and the world in which it begins. */
interface Written {
  readonly transcript: Transcript;
  readonly start: Omit<Sequence, "exempt">;
}

/** A run so far. */
interface Run {
  readonly machine: ScenarioMachine;
  /** The world before the last step. */
  readonly before: World;
  readonly files: readonly Written[];
  /** Labels of steps that came with events. */
  readonly eventful: Set<string>;
}

/** What the events of a run say. */
interface Replayed {
  /** Ids that break first, those left out that something else implies which breaks in the run. */
  readonly breaks: readonly string[];
  /** Where, and for what, the alphabet had no word. What came before is judged. */
  readonly gap: string | undefined;
}

/** A run at its start. */
export function begin(layout: ScenarioLayout, bug?: Bug): Run {
  const machine = createMachine(layout, bug);
  const files = layout.files.flatMap((_, file): readonly Written[] => {
    const world = fileWorldOf(layout, file);
    if (world === undefined) return [];
    const state = startOf(world, machine.world);
    const sets = {
      begun: new Set<number>(),
      inCall: new Set<number>(),
      written: new Set<number>(),
    };
    const transcript: Transcript = { file: world, state, events: [], ...sets, gap: undefined };
    const { events } = transcript;
    return [{ transcript, start: { bounds: world.bounds, start: startFrom(state), events } }];
  });
  return { machine, before: createWorld(layout, bug), files, eventful: new Set() };
}

/** Takes a step of a process; false if it cannot be taken. */
export function take(run: Run, process: number, way: number): boolean {
  const { machine, machine: { world, programs }, before } = run;
  const place = world.layout.places[standsAt(machine, process)];
  const label = programs[place?.index ?? -1]?.[world.step[process] ?? 0]?.label ?? "";
  before.words.set(world.words);
  if (takeStep(machine, process, way) !== "taken") return false;
  writeDown(run, place, label);
  return true;
}

/** Takes a step of the kernel's own; false if it cannot be taken. */
export function takeOfKernel(run: Run, number: number): boolean {
  const { machine, machine: { world }, before } = run;
  before.words.set(world.words);
  if (!takeKernelStep(machine, number)) return false;
  writeDown(run, undefined, kernelSteps(world.layout)[number] ?? "");
  return true;
}

function writeDown(run: Run, place: OperationPlace | undefined, label: string): void {
  const { machine, before, files, eventful } = run;
  if (before.crashed[0] === 1) return;
  for (const { transcript } of files) {
    if (transcript.gap !== undefined) continue;
    const known = transcript.events.length;
    const moment: FileMoment = { transcript, before, after: machine.world, place, label };
    if (place?.operation.kind === "crash") emit(transcript, { kind: "crash" });
    else {
      eventsOf(moment);
      transcript.gap ??= disagreement(moment);
    }
    if (transcript.events.length > known) eventful.add(label);
    if (transcript.gap !== undefined) transcript.gap = `${label}: ${transcript.gap}`;
  }
}

/** The events of a step, in the order in which a kernel does them. */
function eventsOf(moment: FileMoment): void {
  const { isDax } = moment.transcript.file;
  const parts = isDax
    ? [
      splitEvents,
      lockEvents,
      unmapEvents,
      removalEvents,
      mapEvents,
      insertEvents,
      protectEvents,
      cleanEvents,
      transferEvents,
      commitEvents,
      mapPageEvents,
      storeEvents,
      completionEvents,
      unlockEvents,
    ]
    : [
      folioEvents,
      shiftEvents,
      mapEvents,
      contentEvents,
      transferEvents,
      convertEvents,
      releaseEvents,
      pinEvents,
      completionEvents,
      collisionEvents,
      commitEvents,
    ];
  beginEvents(moment);
  semaphoreEvents(moment, "acquire");
  requestEvents(moment);
  for (const part of parts) part(moment);
  semaphoreEvents(moment, "release");
  endEvents(moment);
}

/** Judges a run that is over. Power may fail at any time, so it does at the end. */
export function judged({ machine, files }: Run): Replayed {
  const breaks = new Set<string>();
  for (const { transcript, start } of files) {
    if (transcript.gap === undefined && transcript.state.crashed[0] === 0) {
      emit(transcript, { kind: "crash" });
    }
    const ids = invariants.map(({ id }) => id).filter((id) =>
      exempt[id]?.when(transcript) === true
    );
    const outcome = judgeEvents({ ...start, exempt: ids });
    if (outcome.kind === "impossible") throw new RangeError(`event ${outcome.at} is impossible`);
    for (const id of first(outcome.breaches)) breaks.add(id);
  }
  if (!haveAllEnded(machine) && breaks.size === 0) breaks.add("LOCK-1");
  const gaps = files.flatMap(({ transcript: { gap } }) => gap === undefined ? [] : [gap]);
  return { breaks: [...breaks], gap: gaps[0] };
}

/** The first of the breaches that no other one implies. */
function first(breaches: readonly Breach[]): readonly string[] {
  const roots = breaches.filter(({ invariant }) =>
    !breaches.some((other) => impliedBy(other.invariant).has(invariant))
  );
  return roots.filter(({ at }) => at === roots[0]?.at).map(({ invariant }) => invariant);
}

/**
 * Replays a schedule of the explorer's.
 *
 * @throws {RangeError} if it is of another machine
 */
export function replay(layout: ScenarioLayout, schedule: readonly Taken[], bug?: Bug): Run {
  const run = begin(layout, bug);
  const kernel = kernelSteps(layout);
  for (const { operation, step, way } of schedule) {
    const process = layout.places.find((each) => each.operation.id === operation)?.process;
    const isTaken = process === undefined
      ? takeOfKernel(run, kernel.indexOf(step))
      : take(run, process, way);
    if (!isTaken) throw new RangeError(`${operation} ${step} cannot be taken`);
  }
  return run;
}
