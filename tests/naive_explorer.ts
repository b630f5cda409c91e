/**
 * A second explorer, as plain as can be: objects, text keys, a queue. It shares with the real one what
 * events do and what invariants say, and nothing of how states are stored, numbered and searched.
 */
import type { Actor, Branch, Design } from "../model/design.ts";
import { Judgement } from "../model/invariant.ts";
import { invariants } from "../model/invariants/catalogue.ts";
import { createState, type State } from "../model/state.ts";
import { enabled, step as apply } from "../model/step.ts";
import { goesRound, type NaiveEdge } from "./naive_cycle.ts";

/** What a search found. */
interface NaiveResult {
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  /** Steps of the shortest breach of each invariant. */
  readonly broken: ReadonlyMap<string, number>;
  readonly kept: ReadonlySet<string>;
  /** Steps to the nearest state in which somebody waits for ever. */
  readonly stuck: number | undefined;
  /** True if some run goes round for ever although nobody is kept from running. */
  readonly endless: boolean;
}

interface Node {
  readonly bytes: Uint8Array;
  readonly at: readonly number[];
  readonly depth: number;
}

/** Searches everything that the design can do. */
export function exploreNaively(design: Design): NaiveResult {
  const world = createState(design.bounds);
  const before = createState(design.bounds);
  design.start?.(world);
  const start: Node = { bytes: world.bytes.slice(), at: design.actors.map(() => 0), depth: 0 };
  const seen = new Set([keyOf(start)]);
  const queue = [start];
  const broken = new Map<string, number>();
  const kept = new Set<string>();
  let transitions = 0;
  let depth = 0;
  let stuck: number | undefined;
  const steps = new Map<string, NaiveEdge[]>();
  for (const node of queue) {
    const edges: NaiveEdge[] = [];
    steps.set(keyOf(node), edges);
    depth = node.depth;
    let moves = 0;
    let helps = 0;
    design.actors.forEach((actor, index) => {
      for (const branch of actor.program[node.at[index] ?? 0]?.branches ?? []) {
        world.bytes.set(node.bytes);
        const next = go(design, node, actor, index, branch, world, before, broken, kept);
        if (next === undefined) continue;
        moves++;
        if (!branch.events.some(({ kind }) => kind === "crash")) helps++;
        const key = keyOf(next);
        if (!actor.environment) edges.push({ actor: index, to: key });
        if (seen.has(key)) continue;
        seen.add(key);
        queue.push(next);
      }
    });
    transitions += moves;
    const waits = design.actors.some(({ environment, program }, index) =>
      !environment && node.at[index] !== program.length
    );
    world.bytes.set(node.bytes);
    if (helps === 0 && waits && world.crashed[0] !== 1) stuck ??= node.depth;
  }
  const programs = design.actors.flatMap(({ environment }, index) => environment ? [] : [index]);
  const endless = goesRound(steps, programs);
  return { states: seen.size, transitions, depth, broken, kept, stuck, endless };
}

function keyOf({ bytes, at }: Node): string {
  return `${at.join()} ${Reflect.apply(String.fromCharCode, undefined, bytes)}`;
}

/** What comes of a branch in `world`, which is the node's and is changed, as `before` is. */
function go(
  design: Design,
  node: Node,
  actor: Actor,
  index: number,
  branch: Branch,
  world: State,
  before: State,
  broken: Map<string, number>,
  kept: Set<string>,
): Node | undefined {
  if (!branch.when(world)) return undefined;
  const breaks: string[] = [];
  const keeps: string[] = [];
  for (const event of branch.events) {
    if (!enabled(world, event)) return undefined;
    before.bytes.set(world.bytes);
    apply(world, event);
    for (const { id, judge } of invariants) {
      if (design.exempt?.[id] !== undefined) continue;
      const judgement = judge(before, event, world);
      if (judgement === Judgement.BROKEN) breaks.push(id);
      if (judgement === Judgement.KEPT) keeps.push(id);
    }
  }
  branch.then?.(world);
  for (const id of breaks) if (!broken.has(id)) broken.set(id, node.depth + 1);
  for (const id of keeps) kept.add(id);
  const place = branch.goto === undefined
    ? (node.at[index] ?? 0) + 1
    : branch.goto === "end"
    ? actor.program.length
    : actor.program.findIndex(({ label }) => label === branch.goto);
  return { bytes: world.bytes.slice(), at: node.at.with(index, place), depth: node.depth + 1 };
}
