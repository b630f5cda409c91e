import { assert, assertEquals } from "@std/assert";
import { designs } from "../model/designs/catalogue.ts";
import { search } from "../model/explore/search.ts";
import { type Invariant, Judgement } from "../model/invariant.ts";
import { invariants } from "../model/invariants/catalogue.ts";
import { become, createState, type State } from "../model/state.ts";
import { equivalents, type Proof } from "../vectors/generate/mutants/equivalent.ts";
import { everyJudgeMutant } from "../vectors/generate/mutants/every_judge_mutant.ts";
import type { JudgeMutant } from "../vectors/generate/mutants/judge_mutant.ts";
import { recordAll } from "../vectors/generate/mutants/kills.ts";
import { events, rows } from "./bundled_suite.ts";

const mutants = everyJudgeMutant(recordAll(events));

/** States of each design whose steps are compared. */
const limit = 20_000;

function proved(proof: Proof): readonly JudgeMutant[] {
  const ids = equivalents.filter((each) => each.proof === proof).map(({ ids }) => ids);
  return mutants.filter(({ id }) => ids.some((each) => each.test(id)));
}

/** An invariant that breaks where mutant and model disagree about what is broken. */
function otherVerdict({ id, invariant, judge }: JudgeMutant): Invariant {
  const right = invariants.find((each) => each.id === invariant);
  const wrong = judge.invariants.find((each) => each.id === invariant);
  if (right === undefined || wrong === undefined) throw new Error(`${id} is of no invariant`);
  return {
    ...right,
    id,
    judge: (...step) => {
      const disagree = (right.judge(...step) === Judgement.BROKEN) !==
        (wrong.judge(...step) === Judgement.BROKEN);
      return disagree ? Judgement.BROKEN : Judgement.KEPT;
    },
  };
}

/** An invariant that breaks where mutant and model come to different states. */
function otherState({ id, kinds, judge }: JudgeMutant): Invariant {
  /** Filled over and over: of one design all states have the same bounds. */
  let other: State | undefined;
  return {
    id,
    about: "file",
    needs: [],
    on: [...kinds],
    breach: "",
    loss: "",
    implies: [],
    judge: (before, event, after) => {
      if (other?.bounds !== before.bounds) other = createState(before.bounds);
      become(other, before);
      judge.step(other, event);
      return isEqual(other.bytes, after.bytes) ? Judgement.KEPT : Judgement.BROKEN;
    },
  };
}

function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false;
  return true;
}

const sameVerdicts = proved("same verdicts").map(otherVerdict);
const sameStates = proved("same states").map(otherState);
const different = mutants.filter(({ id }) =>
  ["invariant/DAX-TAG-1/never", "invariant/INV-1/always", "effect/map_page/pte"].includes(id)
).map((mutant) => mutant.invariant === undefined ? otherState(mutant) : otherVerdict(mutant));

/** Ids of those that differ somewhere: all are compared on the steps of all designs at once. */
const differing: ReadonlySet<string> = new Set(
  designs.flatMap((design) => {
    const all = [...sameVerdicts, ...sameStates, ...different];
    return [...search(design, all, { limit }).breaches.keys()];
  }),
);

function differingOf(compared: readonly Invariant[]): readonly string[] {
  return compared.map(({ id }) => id).filter((id) => differing.has(id));
}

Deno.test("a mutant that is said to give the same verdicts does so on the steps of every design", () => {
  assert(sameVerdicts.length > 0);
  assertEquals(differingOf(sameVerdicts), []);
});

Deno.test("a mutant that is said to leave the same states does so on the steps of every design", () => {
  assert(sameStates.length > 0);
  assertEquals(differingOf(sameStates), []);
});

Deno.test("the comparison finds what is different", () => {
  assertEquals(different.length, 3);
  assertEquals(differingOf(different), different.map(({ id }) => id));
});

Deno.test("every reason for an equivalence has a mutant that needs it", () => {
  const equivalent = rows.filter(({ equivalent }) => equivalent !== undefined);
  for (const { ids, why } of equivalents) {
    assert(equivalent.some(({ id }) => ids.test(id)), `${ids}: ${why}`);
  }
});
