/**
 * The picture of a schedule of an operation vector: a lane a process, its operations as calls.
 *
 * @module
 */
import type { Picture, PictureCall, PictureStep } from "../../../model/picture/picture.ts";
import type { Process } from "../../../model/operation/scenario.ts";
import { printRace } from "../../../model/race/print.ts";
import { operationText } from "../../conform/operation_text.ts";
import { stepOf } from "../../format/schedule_step.ts";

/** Whoever does what nobody asked for. */
const kernel = "kernel";

/** Draws a schedule; its last step is the breach. `observed` is what it ends in. */
export function schedulePicture(
  processes: readonly Process[],
  schedule: readonly string[],
  observed: string,
  breaks: string,
): Picture {
  const owner = new Map(
    processes.flatMap(({ name, operations }) => operations.map(({ id }) => [id, name] as const)),
  );
  const nameOf = (line: string): string => owner.get(stepOf(line).operation) ?? kernel;
  const acting = new Set(schedule.map(nameOf));
  const tasks = [...processes.map(({ name }) => name), kernel].filter((name) => acting.has(name));
  const steps = schedule.map((line, at): PictureStep => {
    const last = at === schedule.length - 1;
    return {
      task: tasks.indexOf(nameOf(line)),
      text: last && observed !== "" ? `${line}; ${observed}` : line,
      part: last ? "breach" : "evidence",
      ...(last ? { breaks } : {}),
    };
  });
  const run = schedule.map((line) => ({ actor: nameOf(line), step: line, result: "" }));
  return {
    tasks,
    steps,
    calls: callsOf(processes, schedule, tasks),
    tracks: [],
    arrows: [],
    diagram: printRace(run, tasks),
  };
}

function callsOf(
  processes: readonly Process[],
  schedule: readonly string[],
  tasks: readonly string[],
): readonly PictureCall[] {
  const operations = schedule.map((line) => stepOf(line).operation);
  return processes.flatMap(({ name, operations: own }) =>
    own.flatMap((each): readonly PictureCall[] => {
      const [from, to] = [operations.indexOf(each.id), operations.lastIndexOf(each.id)];
      if (from < 0) return [];
      return [{ task: tasks.indexOf(name), text: operationText(each), from, to }];
    })
  );
}
