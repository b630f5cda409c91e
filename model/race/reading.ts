/**
 * What each line of a diagram is under a design: a step of its column's actor, or something around
 * steps, or neither.
 *
 * @module
 */
import { nearest } from "../../spec/nearest.ts";
import type { Actor, Branch, Design, Step } from "../design.ts";
import { isKernelNameOf } from "./kernel_names.ts";
import type { Race, WrittenStep } from "./parse.ts";

/** What a line is read as. */
type ReadAs =
  /** Steps of the actor that it may mean. */
  | { readonly kind: "step" }
  /** A function that makes the calls under it, and is no step itself. */
  | { readonly kind: "caller" }
  /** What happens within the step above it. */
  | { readonly kind: "part"; readonly of: string }
  /** How things are, said in words. */
  | { readonly kind: "remark" }
  | { readonly kind: "unknown"; readonly because: string };

/** A line, and what it is read as. */
export interface DiagramLine {
  readonly written: WrittenStep;
  readonly as: ReadAs;
}

/** Reads every line of a diagram. */
export function readLines(
  { steps }: Race,
  cast: ReadonlyMap<string, Actor>,
  design: Design,
): readonly DiagramLine[] {
  const lines: DiagramLine[] = [];
  for (const written of steps) {
    const actor = cast.get(written.actor);
    lines.push({ written, as: readLine(written, actor, design, lines) });
  }
  return lines;
}

function readLine(
  written: WrittenStep,
  actor: Actor | undefined,
  design: Design,
  before: readonly DiagramLine[],
): ReadAs {
  if (isStepOf(written, actor?.program ?? [])) return { kind: "step" };
  const above = resembles(written, design) ? undefined : stepAbove(written, before);
  if (above !== undefined) return { kind: "part", of: above };
  if (written.calls) return { kind: "caller" };
  if (isRemark(written) && !resembles(written, design)) return { kind: "remark" };
  return { kind: "unknown", because: missingStep(written, actor, design) };
}

/** The step of the column that this line is nested under, however deep. */
function stepAbove(
  { actor, column }: WrittenStep,
  before: readonly DiagramLine[],
): string | undefined {
  let left = column;
  for (const { written, as } of before.toReversed()) {
    if (written.actor !== actor || written.column >= left) continue;
    if (as.kind === "step") return written.step;
    left = written.column;
  }
  return undefined;
}

const saysHowThingsAre =
  /\b(?:is|are|was|were|not|no|none|nothing|never|now|still|already|lost)\b/i;

/** True of words that call nothing and say how things are. */
function isRemark({ step, result }: WrittenStep): boolean {
  return result === "" && !step.includes("(") && saysHowThingsAre.test(step) && /\s/.test(step);
}

/** True if the line may be a slip of some step's name. */
function resembles({ step }: WrittenStep, { actors }: Design): boolean {
  const names = new Set(actors.flatMap(({ program }) => program.map(({ name }) => name)));
  return nearest(step, names).length > 0;
}

/** True if the line names a step of the program. */
export function isStepOf(written: WrittenStep, program: readonly Step[]): boolean {
  return program.some((step) => means(written, step));
}

/**
 * True if the line names this step, whatever it says of the result. `get_block()`, as mail writes it,
 * is any step that calls the function; so is the same function of another version or file system.
 */
export function means(written: WrittenStep, step: Step): boolean {
  return isNamed(written, step) || isKernelNameOf(written.step, step.name);
}

/** True if the line names this step as the design does. */
export function isNamed({ step: written }: WrittenStep, { name }: Step): boolean {
  return sameText(written, name) || calledWithAnything(written, name);
}

function calledWithAnything(written: string, name: string): boolean {
  const open = name.indexOf("(");
  return open > 0 && name[open + 1] !== ")" && sameText(written, `${name.slice(0, open)}()`);
}

/**
 * True if the line's result is this branch's, or none is written. As mail says it, `returns HOLE` and
 * `finds a hole` are `HOLE`, and `allocates blocks` is `NEW`.
 */
export function meansBranch({ result }: WrittenStep, branch: Branch): boolean {
  const said = result.replace(/^(?:returns?|finds) (?:an? )?/i, "")
    .replace(/^allocates?( (a )?blocks?)?$/i, "NEW");
  return result === "" || sameText(said, branch.result);
}

function missingStep(written: WrittenStep, actor: Actor | undefined, design: Design): string {
  const who = actor === undefined || sameText(actor.name, written.actor)
    ? actor?.name ?? written.actor
    : `${written.actor} (${actor.name})`;
  const others = design.actors.filter(({ program }) => isStepOf(written, program));
  const near = nearest(written.step, new Set(actor?.program.map(({ name }) => name)));
  const hint = others.length > 0
    ? `; it is a step of ${others.map(({ name }) => name).join(" and ")}`
    : near.length > 0
    ? `; did you mean ${near.map((name) => `"${name}"`).join(" or ")}?`
    : `; \`explain ${design.id}\` lists its steps`;
  return `${who} has no step ${quote(written.step)} in ${design.id}${hint}`;
}

/** In a message a line stands for itself by its beginning. */
export function quote(text: string): string {
  return text.length <= 60 ? `"${text}"` : `"${text.slice(0, 60)}..."`;
}

/** True if two texts differ in spaces and case at most. */
export function sameText(one: string, other: string): boolean {
  const plain = (text: string): string => text.trim().replace(/\s+/g, " ").toLowerCase();
  return plain(one) === plain(other);
}
