/**
 * What is wrong with the actors of a design, as far as it can be seen without running them.
 *
 * @module
 */
import type { Actor, Branch, Step } from "../design.ts";
import type { Event } from "../event.ts";
import { type FieldShape, fieldsOf, isEventKind } from "../events/fields.ts";
import { limitOf } from "../events/limits.ts";
import { rwsems } from "../rwsem.ts";
import { eventRows } from "../semantics.ts";
import type { Bounds } from "../state.ts";
import { type DesignMistake, quoted } from "./mistake.ts";

/** All that is wrong with the actors. */
export function mistakesInActors(
  actors: readonly Actor[],
  bounds: Bounds,
): readonly DesignMistake[] {
  if (actors.length === 0) return [{ expected: "an actor at least" }];
  return actors.flatMap((actor, index) => [
    ...mistakesInActor(actor, actors.slice(0, index), bounds),
    ...actor.program.flatMap((step) => mistakesInStep(actor, step, bounds)),
    ...mistakesInFlow(actor),
  ]);
}

function mistakesInActor(
  { name, task, program }: Actor,
  before: readonly Actor[],
  { tasks }: Bounds,
): readonly DesignMistake[] {
  const expected = [
    ...(Number.isInteger(task) && task >= 0 && task < tasks
      ? []
      : [`a task below ${tasks}, not ${quoted(task)}: bounds.tasks says how many there are`]),
    ...before.filter((other) => other.task === task)
      .map((other) => `a task of its own, not ${task}, which is ${other.name}'s`),
    ...before.filter((other) => other.name === name).map(() => "a name of its own"),
    ...(program.length === 0 ? ["a program with a step"] : []),
  ];
  return expected.map((each) => ({ actor: name, expected: each }));
}

function mistakesInStep(
  { name: actor, task, program }: Actor,
  step: Step,
  bounds: Bounds,
): readonly DesignMistake[] {
  const expected = [
    ...(program.findIndex(({ label }) => label === step.label) < program.indexOf(step)
      ? ["a label that no other step has"]
      : []),
    ...(step.branches.length === 0 ? ["a way to go"] : []),
    ...step.branches.flatMap(({ goto }) =>
      goto === undefined || goto === "end" || program.some(({ label }) => label === goto)
        ? []
        : [`goto to a label of ${actor}, or "end", not ${quoted(goto)}`]
    ),
    ...step.branches.flatMap(({ events }) =>
      events.flatMap((event) => mistakesInEvent(event, task, bounds))
    ),
  ];
  return expected.map((each) => ({ actor, step: step.label, expected: each }));
}

/** Steps that nothing leads to, whatever guards say. */
function mistakesInFlow({ name, program }: Actor): readonly DesignMistake[] {
  const reached = new Set(program.slice(0, 1));
  for (const step of reached) {
    for (const branch of step.branches) {
      const next = followerOf(program, step, branch);
      if (next !== undefined) reached.add(next);
    }
  }
  return program.filter((step) => !reached.has(step))
    .map(({ label }) => ({ actor: name, step: label, expected: "a way that leads here" }));
}

function followerOf(
  program: readonly Step[],
  step: Step,
  { goto }: Branch,
): Step | undefined {
  if (goto === undefined) return program[program.indexOf(step) + 1];
  return program.find(({ label }) => label === goto);
}

function mistakesInEvent(event: Event, task: number, bounds: Bounds): readonly string[] {
  const { kind, ...said } = Object.fromEntries<unknown>(Object.entries(event));
  if (!isEventKind(kind)) return [`a kind of event that there is, not ${quoted(kind)}`];
  const fields = fieldsOf(kind);
  const wrong = [
    ...Object.keys(said).filter((name) => fields[name] === undefined)
      .map((name) => `a field that ${kind} has, not "${name}"`),
    ...Object.entries(fields).flatMap(([name, shape]) =>
      fits(shape, said[name], limitOf(kind, name, bounds)) ? [] : [
        `${kind} with ${name} ${shapeText(shape, limitOf(kind, name, bounds))}, not ${
          quoted(said[name])
        }`,
      ]
    ),
    ...("task" in said && said["task"] !== task
      ? [`${kind} of task ${task}, which the actor is, not ${quoted(said["task"])}`]
      : []),
  ];
  return wrong.length > 0 ? wrong : missingParts(event, bounds);
}

function fits({ shape, optional }: FieldShape, value: unknown, limit: number): boolean {
  if (value === undefined) return optional;
  if (shape.kind === "text") return typeof value === "string";
  if (shape.kind === "word") return shape.words.some((word) => word === value);
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value < limit;
}

function shapeText({ shape }: FieldShape, limit: number): string {
  if (shape.kind === "text") return "as a text";
  if (shape.kind === "word") return `as one of ${shape.words.map(quoted).join(" ")}`;
  return limit === 0 ? "of a world that has one" : `as a number below ${limit}`;
}

/** Parts of a kernel that the event is about and the world does not have. */
function missingParts(event: Event, bounds: Bounds): readonly string[] {
  const { world = [] } = eventRows[event.kind];
  const missing = world.filter((part) => !bounds[part])
    .map((part) => `bounds.${part} for ${event.kind}, which the world does not have`);
  if (missing.length > 0) return missing;
  if (event.kind === "acquire" || event.kind === "release") {
    const number = rwsems.indexOf(event.lock) + 1;
    return (bounds.rwsems ?? 0) >= number
      ? []
      : [`bounds.rwsems of ${number} at least for ${event.lock}`];
  }
  const deferred = "tlbFlush" in event && event.tlbFlush === "deferred";
  if (deferred && bounds.tlbs !== true) return ["bounds.tlbs for a flush that is deferred"];
  const stale = event.kind === "allocate" && event.unzeroed === true;
  if (stale && bounds.contents !== true && (bounds.blocks ?? 0) === 0) {
    return ["bounds.contents or bounds.blocks for a block that keeps what was in it"];
  }
  const partly = event.kind === "mark_dirty" || event.kind === "write_folio"
    ? event.part
    : undefined;
  if (partly !== undefined && bounds.subpage !== true) {
    return [`bounds.subpage for ${event.kind} of one block of a page`];
  }
  return event.kind === "zero_block" && bounds.contents !== true
    ? ["bounds.contents for zero_block, which the world does not have"]
    : [];
}
