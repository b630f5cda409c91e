/**
 * A race as a trace in the Informal Trace Format of Apalache and Quint, with every state on the way,
 * for the viewers and test drivers that read it.
 *
 * @module
 */
import type { Design } from "../design.ts";
import { after, nextStep, type Path, startOf } from "../run.ts";
import type { State } from "../state.ts";

/**
 * The trace, as a value ready for `JSON.stringify`: the start, and the state after each move. A
 * variable is a field of the state, as the list of its bytes; `places` names the step that each
 * actor has before it; `mbt::actionTaken` is the step that led here.
 *
 * @throws {RangeError} if the path cannot be run from the design's start
 */
export function itfTrace(design: Design, path: Path, outcome: string): Readonly<
  Record<string, unknown>
> {
  const states = [startOf(design)];
  for (const [at, move] of path.entries()) {
    const before = states[at];
    const next = before === undefined ? undefined : after(before, move);
    if (next === undefined) throw new RangeError(`${design.id}: move ${at} is not possible`);
    states.push(next);
  }
  return {
    "#meta": {
      "format": "ITF",
      "format-description": "https://apalache-mc.org/docs/adr/015adr-trace.html",
      "description": `${design.id} (${design.title}): ${outcome}`,
    },
    "params": [],
    "vars": ["mbt::actionTaken", "places", ...Object.keys(fieldsOf(startOf(design)))],
    "states": states.map((state, index) => ({
      "#meta": { index },
      "mbt::actionTaken": action(path, index),
      "places": { "#map": places(design, state) },
      ...fieldsOf(state),
    })),
  };
}

function action(path: Path, index: number): string {
  const move = path[index - 1];
  if (move === undefined) return "init";
  const { actor, step, branch: { result } } = move;
  return `${actor.name}: ${step.name}${result === "" ? "" : ` -> ${result}`}`;
}

function places(design: Design, state: State): readonly (readonly [string, string])[] {
  return design.actors.map((actor) => [actor.name, nextStep(state, actor)?.name ?? "end"]);
}

/** The fields that this world has, without its bounds and the buffer that they are views of. */
function fieldsOf(state: State): Readonly<Record<string, readonly number[]>> {
  return Object.fromEntries(
    Object.entries(state).flatMap(([name, value]) =>
      value instanceof Uint8Array && value !== state.bytes && value.length > 0
        ? [[name, [...value]]]
        : []
    ),
  );
}
