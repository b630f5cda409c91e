/**
 * One state in which single moves are run and judged, cut into what all actors share and what each
 * has for itself.
 *
 * @module
 */
import type { Actor, Branch, Design } from "../design.ts";
import { type Invariant, Judgement, judgesByKind } from "../invariant.ts";
import { happen, type Watch } from "../run.ts";
import { createState, fieldRange, type State, stateSize } from "../state.ts";

/** Buffers for one move at a time. */
export interface Machine {
  readonly design: Design;
  readonly state: State;
  /** The state as words. */
  readonly words: Int32Array;
  /** Written by {@link readShared}. */
  readonly shared: Int32Array;
  /** Written by {@link readLocals}. */
  readonly locals: Int32Array;
  /** Ids that the last move kept and broke. */
  readonly kept: string[];
  readonly broken: string[];
  readonly watch: Watch;
  readonly sharedBytes: Uint8Array;
  readonly localBytes: Uint8Array;
  readonly localRange: readonly [from: number, to: number];
}

/** Locals of the actors that do not run: a step that reads them has no meaning. */
const nobody = 0xff;

/** A machine on which nothing has run. Of ids that are `known` to be kept it does not tell it again. */
export function createMachine(
  design: Design,
  invariants: readonly Invariant[],
  known: ReadonlySet<string>,
): Machine {
  const { bounds } = design;
  const words = new Int32Array(stateSize(bounds) / 4);
  const shared = new Int32Array(words.length);
  const locals = new Int32Array(Math.ceil(bounds.locals / 4));
  const wordsBefore = new Int32Array(words.length);
  const before = createState(bounds, new Uint8Array(wordsBefore.buffer));
  const judges = judgesByKind(invariants);
  const kept: string[] = [];
  const broken: string[] = [];
  let asked: readonly Invariant[] | undefined;
  return {
    design,
    state: createState(bounds, new Uint8Array(words.buffer)),
    words,
    shared,
    locals,
    kept,
    broken,
    watch: {
      before: (_, { kind }) => {
        asked = judges.get(kind);
        if (asked === undefined) return;
        for (let word = 0; word < words.length; word++) wordsBefore[word] = words[word] ?? 0;
      },
      after: (event, state) => {
        if (asked === undefined) return;
        for (const { id, judge } of asked) {
          const judgement = judge(before, event, state);
          if (judgement === Judgement.KEPT && !known.has(id)) kept.push(id);
          if (judgement === Judgement.BROKEN) broken.push(id);
        }
      },
    },
    sharedBytes: new Uint8Array(shared.buffer),
    localBytes: new Uint8Array(locals.buffer),
    localRange: fieldRange(bounds, "local"),
  };
}

/** Sets the machine to a shared world in which only this actor stands anywhere. */
export function load(
  machine: Machine,
  { task }: Actor,
  shared: Int32Array,
  fromShared: number,
  locals: Int32Array,
  fromLocals: number,
): void {
  const { words, state: { local, bounds }, localBytes } = machine;
  for (let word = 0; word < words.length; word++) words[word] = shared[fromShared + word] ?? 0;
  for (let word = 0; word < machine.locals.length; word++) {
    machine.locals[word] = locals[fromLocals + word] ?? 0;
  }
  const own = task * bounds.locals;
  for (let each = 0; each < local.length; each++) local[each] = nobody;
  for (let each = 0; each < bounds.locals; each++) local[own + each] = localBytes[each] ?? 0;
}

/**
 * Runs a branch that may be gone here, fills `kept` and `broken`, and sets the actor's place after it;
 * false if something blocks it.
 */
export function runBranch(
  machine: Machine,
  { task }: Actor,
  branch: Branch,
  place: number,
): boolean {
  if (machine.kept.length > 0) machine.kept.length = 0;
  if (machine.broken.length > 0) machine.broken.length = 0;
  const { state } = machine;
  if (!happen(state, branch, machine.watch)) return false;
  state.local[task * state.bounds.locals] = place;
  return true;
}

/**
 * Writes the world that all actors share into `machine.shared`: the state with all locals blank.
 *
 * @throws {RangeError} if the actor that ran has changed another one's locals
 */
export function readShared(machine: Machine, runner?: Actor): void {
  const { words, shared, sharedBytes, state: { local, bounds: { locals } } } = machine;
  for (let word = 0; word < words.length; word++) shared[word] = words[word] ?? 0;
  const [from] = machine.localRange;
  for (let each = 0; each < local.length; each++) {
    sharedBytes[from + each] = 0;
    if (runner === undefined || local[each] === nobody) continue;
    if (Math.floor(each / locals) !== runner.task) {
      throw new RangeError(`${machine.design.id}: ${runner.name} changes another actor's locals`);
    }
  }
}

/** Writes the actor's locals into `machine.locals`. */
export function readLocals(machine: Machine, { task }: Actor): void {
  const { state: { local, bounds: { locals } }, localBytes } = machine;
  for (let each = 0; each < locals; each++) localBytes[each] = local[task * locals + each] ?? 0;
}
