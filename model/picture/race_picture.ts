/**
 * The picture of a race of a design, in which every state on the way is known.
 *
 * @module
 */
import type { Design } from "../design.ts";
import { columnsOf, runOf } from "../race/diagram.ts";
import { judgePath } from "../race/judgement.ts";
import { printRace, printStep } from "../race/print.ts";
import { nextStep, type Path } from "../run.ts";
import type { State } from "../state.ts";
import { causesOf } from "./arrows.ts";
import { laneOf, type LaneReader, lanesOf } from "./lanes.ts";
import type { Picture, PictureCall, PictureStep, Track } from "./picture.ts";

/** What a picture of a race shows. */
interface Shown {
  /** Lanes that nothing on the way changes, too. */
  readonly all: boolean;
  /** What the end of the path breaks beside what its steps do: that somebody waits for ever. */
  readonly atEnd?: string | undefined;
}

/**
 * The picture of a path. A step that breaks an invariant is a breach, with its ids.
 *
 * @throws {RangeError} if the path cannot be run from the design's start
 */
export function racePicture(design: Design, path: Path, { all, atEnd }: Shown): Picture {
  const { states, moves } = judgePath(design, path);
  const run = runOf(path);
  const tasks = columnsOf(design, run);
  const steps = run.map((step, at): PictureStep => {
    const broken = new Set(moves[at]?.broken);
    if (atEnd !== undefined && at === run.length - 1) broken.add(atEnd);
    const breach = { part: "breach", breaks: [...broken].join(", ") } as const;
    return {
      task: tasks.indexOf(step.actor),
      text: printStep(step),
      ...(broken.size > 0 ? breach : { part: "evidence" }),
    };
  });
  const tracks = tracksOf(design, states, all ? () => true : isTelling);
  // A variable of the design's own stands for whatever its author wants: it says nothing of causes.
  const causing = tracksOf(
    design,
    states,
    (lane, values) => lane.field !== "variable" && isTelling(lane, values),
  );
  return {
    tasks,
    steps,
    calls: callsOf(path, tasks, states),
    tracks,
    arrows: causesOf(steps, causing),
    diagram: printRace(run, tasks),
  };
}

/** True of a lane that changes on the way, or that shows all the time what is not yet safe. */
function isTelling({ field, idle }: LaneReader, values: ReadonlySet<string>): boolean {
  return values.size > 1 || ((field === "tag" || field === "unflushed") && !values.has(idle));
}

/** One track of all lanes that are wanted, by the values that they have on the way. */
function tracksOf(
  { actors }: Design,
  states: readonly State[],
  isWanted: (lane: LaneReader, values: ReadonlySet<string>) => boolean,
): readonly Track[] {
  const [start] = states;
  if (start === undefined) return [];
  const names = {
    task: (task: number): string =>
      actors.find((actor) => actor.task === task)?.name ?? `task ${task}`,
    mapping: (mapping: number): string => `mapping ${mapping}`,
  };
  const lanes = lanesOf(start, names).filter((lane) =>
    isWanted(lane, new Set(states.map(lane.valueIn)))
  );
  if (lanes.length === 0) return [];
  const places = new Map<string, number>();
  const sets: (readonly string[])[] = [];
  const at = states.map((state) => {
    const values = lanes.map(({ valueIn }) => valueIn(state));
    const key = values.join("\n");
    const known = places.get(key);
    if (known !== undefined) return known;
    places.set(key, sets.length);
    return sets.push(values) - 1;
  });
  return [{
    name: "state",
    lanes: lanes.map(laneOf),
    sets: sets.map((values) => [{ values }]),
    at,
  }];
}

/** An actor is one call: from its first step to its last. */
function callsOf(
  path: Path,
  tasks: readonly string[],
  states: readonly State[],
): readonly PictureCall[] {
  return tasks.flatMap((name, task) => {
    const own = path.flatMap(({ actor }, at) => actor.name === name ? [{ actor, at }] : []);
    const [first, last] = [own[0], own.at(-1)];
    const end = states.at(-1);
    if (first === undefined || last === undefined || end === undefined) return [];
    const ended = nextStep(end, last.actor) === undefined;
    return [{ task, text: name, from: first.at, to: ended ? last.at : path.length }];
  });
}
