/**
 * The timeline of a picture: time goes down, a column a task, a column a lane.
 *
 * @module
 */
import type { Picture, PictureCall, PictureStep } from "../../model/picture/picture.ts";
import { Arrows } from "./arrows.ts";
import { type BandCell, bandOf } from "./bands.ts";
import { type Drawn, h, useRef } from "./preact.ts";

/** What the timeline shows, and whom it tells that another row was chosen. */
interface TimelineOf {
  readonly picture: Picture;
  /** The row that is chosen: 0 is before the first step. */
  readonly row: number;
  readonly choose: (row: number) => void;
}

/** Draws the timeline. */
export function Timeline({ picture, row, choose }: TimelineOf): Drawn {
  const { tasks, steps, tracks } = picture;
  const body = useRef<HTMLDivElement>(null);
  const lanes = tracks.flatMap((track) =>
    track.lanes.map((lane, at) => ({ track: track.name, lane, cells: bandOf(track, at) }))
  );
  const hasLines = steps.some(({ line }) => line !== undefined);
  const columns = [
    "1.6rem",
    ...(hasLines ? ["max-content"] : []),
    ...tasks.map(() => "minmax(8rem, max-content)"),
    ...lanes.map(() => "4.6rem"),
  ].join(" ");
  const narrow = `1.4rem ${
    hasLines ? "2.6rem " : ""
  }minmax(0, 1fr) repeat(${lanes.length}, 1.7rem)`;
  const count = `${tasks.length} ${tasks.length === 1 ? "task" : "tasks"}`;
  return h(
    "div",
    {
      class: "timeline",
      role: "table",
      "aria-label": `${steps.length} steps of ${count}`,
      style: {
        "--columns": columns,
        "--narrow": narrow,
        "--task": taskWidth(tasks.length),
        // Where there is no room for a column a task, all steps stand in one.
        "--step": hasLines ? "3" : "2",
      },
      ref: body,
    },
    h(
      "div",
      { class: "row head", role: "row" },
      h("span", { role: "columnheader", class: "gutter" }),
      hasLines && h("span", { role: "columnheader", class: "at" }, "line"),
      tasks.map((task, at) => h("span", { role: "columnheader", class: "task", key: at }, task)),
      lanes.map(({ track, lane }, at) =>
        h(
          "span",
          { role: "columnheader", class: `lane ${isFirst(lanes, at)}`, title: lane.says, key: at },
          h("small", null, track),
          lane.name,
        )
      ),
    ),
    [undefined, ...steps].map((step, at) =>
      h(Row, {
        key: at,
        step,
        at,
        tasks,
        hasLines,
        causes: at === 0 ? [] : causesAt(picture, at - 1),
        calls: picture.calls,
        cells: lanes.map(({ cells }) => cells[at]),
        firsts: lanes.map((_, lane) => isFirst(lanes, lane)),
        chosen: at === row,
        choose,
      })
    ),
    h(Arrows, { body, picture }),
  );
}

/** Lanes must have room beside the tasks. */
function taskWidth(tasks: number): string {
  return tasks > 2 ? "11rem" : "16rem";
}

/** A lane that another track's lane stands before gets a gap. */
function isFirst(lanes: readonly { readonly track: string }[], at: number): string {
  return lanes[at]?.track === lanes[at - 1]?.track ? "" : "first";
}

/** What arrows say at a step. */
function causesAt({ arrows }: Picture, step: number): readonly string[] {
  return arrows.flatMap(({ saidAt, says }) => saidAt === step ? [says] : []);
}

interface RowOf {
  readonly step: PictureStep | undefined;
  readonly at: number;
  readonly tasks: readonly string[];
  readonly hasLines: boolean;
  readonly causes: readonly string[];
  readonly calls: readonly PictureCall[];
  readonly cells: readonly (BandCell | undefined)[];
  readonly firsts: readonly string[];
  readonly chosen: boolean;
  readonly choose: (row: number) => void;
}

function Row(
  { step, at, tasks, hasLines, causes, calls, cells, firsts, chosen, choose }: RowOf,
): Drawn {
  const part = step?.part ?? "before";
  return h(
    "div",
    {
      class: `row ${part}${chosen ? " chosen" : ""}`,
      role: "row",
      "aria-selected": chosen,
      "data-row": at,
      tabIndex: chosen ? 0 : -1,
      onClick: () => choose(at),
    },
    h("span", { role: "cell", class: "gutter" }),
    hasLines &&
      h(
        "span",
        { role: "cell", class: "at" },
        step?.line !== undefined && h("b", null, step.line),
        step?.time !== undefined && h("small", null, step.time),
      ),
    tasks.map((name, task) =>
      h(
        "span",
        {
          role: "cell",
          key: task,
          class: `task ${spanAt(calls, task, at - 1)}${
            step !== undefined && step.task !== task ? " empty" : ""
          }`,
        },
        step === undefined && task === 0 && h("i", null, "before"),
        step?.task === task &&
          h(
            "span",
            { class: "step" },
            h("span", { class: "who" }, `${name}: `),
            calls.filter((call) => isNamed(call, task, at - 1, [name, step.text]))
              .map(({ text }) => h("small", { class: "operation", key: text }, text)),
            step.text,
            part === "breach" && h("strong", { class: "mark" }, ` ◀ ${step.breaks}`),
            part === "proof" && h("span", { class: "mark" }, " ◁ certain"),
            causes.map((says) => h("small", { class: "cause", key: says }, `→ ${says}`)),
          ),
      )
    ),
    cells.map((cell, lane) =>
      h(
        "span",
        { role: "cell", class: `lane ${firsts[lane]}`, key: lane },
        cell !== undefined &&
          h("span", { class: `band ${cell.kind}${cell.goesOn ? " on-going" : ""}` }, cell.text),
      )
    ),
  );
}

/** True of a call that begins here and has a name of its own. */
function isNamed(
  call: PictureCall,
  task: number,
  at: number,
  others: readonly string[],
): boolean {
  return call.task === task && call.from === at && !others.includes(call.text);
}

/** Where in a call of the task a step is, as the class that draws it. */
function spanAt(calls: readonly PictureCall[], task: number, at: number): string {
  const call = calls.find((each) => each.task === task && each.from <= at && at <= each.to);
  if (call === undefined || at < 0) return "";
  if (call.from === at) return "call begins";
  return call.to === at ? "call ends" : "call";
}
