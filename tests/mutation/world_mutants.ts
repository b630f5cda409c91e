/**
 * Designs with one thing wrong with their world, made by machine from sound ones: a view dropped, a
 * bound shrunk, a label renamed.
 *
 * @module
 */
import type { Actor, Design } from "../../model/design.ts";
import type { Bounds } from "../../model/state.ts";

/** A design and what was done to it. */
export interface WorldMutant {
  readonly design: Design;
  readonly what: string;
}

const views = [
  "folios",
  "blocks",
  "locks",
  "rwsems",
  "durable",
  "waitQueues",
  "tlbs",
  "subpage",
  "contents",
  "vmas",
];
const sizes = [
  "pages",
  "mappings",
  "tasks",
  "locals",
  "folios",
  "blocks",
  "locks",
  "rwsems",
  "files",
];

/** Every mutant of a design. */
export function worldMutants(design: Design): readonly WorldMutant[] {
  const { bounds } = design;
  const has = (name: string): unknown =>
    Object.entries(bounds).find(([each]) => each === name)?.[1];
  const dropped = views.filter((name) => Boolean(has(name))).map((name): WorldMutant => ({
    design: { ...design, bounds: without(bounds, name) },
    what: `without ${name}`,
  }));
  const shrunk = sizes.flatMap((name): WorldMutant[] => {
    const size = has(name);
    return typeof size !== "number" || size < 1 ? [] : [{
      design: { ...design, bounds: { ...bounds, [name]: size - 1 } },
      what: `one less ${name}`,
    }];
  });
  const renamed = design.actors.flatMap((actor) =>
    actor.program.map(({ label }, at): WorldMutant => ({
      design: {
        ...design,
        actors: design.actors.map((each) => each === actor ? renamedAt(actor, at) : each),
      },
      what: `${actor.name}: ${label} renamed`,
    }))
  );
  return [...dropped, ...shrunk, ...renamed];
}

function without(bounds: Bounds, name: string): Bounds {
  return JSON.parse(JSON.stringify({ ...bounds, [name]: undefined }));
}

function renamedAt(actor: Actor, at: number): Actor {
  return {
    ...actor,
    program: actor.program.map((step, place) =>
      place === at ? { ...step, label: "renamed" } : step
    ),
  };
}
