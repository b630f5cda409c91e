/**
 * The two models are bound: what the steps of the operation model do is written down as events of the
 * designs, and the invariants judge it.
 *
 * @module
 */
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import { invariants } from "../model/invariants/catalogue.ts";
import type { BugCard } from "../model/operation/bug_card.ts";
import { type Bug, bugNames, bugs } from "../model/operation/bugs.ts";
import { kernelSteps } from "../model/operation/machine.ts";
import { everyRun, layouts } from "./binding/every_run.ts";
import { begin, judged, replay, take, takeOfKernel } from "./binding/replay.ts";
import { exempt, seenInPart, silentSteps, unbound } from "./binding/unbound.ts";

const ids = invariants.map(({ id }) => id);
const replayed = everyRun.map((each) => {
  const run = replay(each.layout, each.schedule, each.bug);
  return { ...each, ...judged(run), run };
});
const sound = replayed.filter(({ bug }) => bug === undefined);

function cardOf(bug: Bug): BugCard {
  return bugs[bug];
}

Deno.test("a sound run breaks nothing, and the events lead to where the operations do", () => {
  assert(sound.length > 200);
  for (const { name, breaks, gap } of sound) {
    assertEquals({ name, breaks, gap }, { name, breaks: [], gap: undefined });
  }
});

Deno.test("a sound file system breaks nothing wherever chance leads", () => {
  const moves = fc.array(fc.record({ who: fc.nat(), way: fc.nat(2) }), {
    minLength: 60,
    maxLength: 60,
  });
  fc.assert(
    fc.property(fc.constantFrom(...layouts), moves, ({ name, layout }, chosen) => {
      const run = begin(layout);
      const processes = layout.programs.length;
      const kernel = kernelSteps(layout).length;
      for (const { who, way } of chosen) {
        const number = who % (processes + kernel);
        if (number < processes) take(run, number, way);
        else takeOfKernel(run, number - processes);
      }
      const { breaks, gap } = judged(run);
      const others = breaks.filter((id) => id !== "LOCK-1");
      assertEquals({ name, others, gap }, { name, others: [], gap: undefined });
    }),
  );
});

/** What is wrong with the ids that a bug names, judged by what its runs break. */
function misnamed({ breaks, also = [] }: BugCard, runs: readonly (readonly string[])[]): string {
  const broken = runs.filter((each) => each.length > 0);
  const seen = new Set(broken.flat());
  const named = [breaks, ...also];
  const missing = named.filter((id) => !seen.has(id));
  const unnamed = [...seen].filter((id) => !named.includes(id));
  const always = [...seen].filter((id) => broken.every((each) => each.includes(id)));
  return [
    ...missing.map((id) => `no run breaks ${id}`),
    ...unnamed.map((id) => `${id} is not named`),
    ...always.length > 0 && !always.includes(breaks) ? [`every run breaks ${always}`] : [],
  ].join(", ");
}

function breaksOf(bug: Bug): readonly (readonly string[])[] {
  return replayed.filter((each) => each.bug === bug).map(({ breaks }) => breaks);
}

const bound = bugNames.filter((bug) => unbound[bug] === undefined);

for (const bug of bound) {
  Deno.test(`${bug} breaks what it names: ${cardOf(bug).breaks}`, () => {
    assertEquals(misnamed(cardOf(bug), breaksOf(bug)), "");
  });
}

Deno.test("a bug that names any other invariant than it breaks is found out", () => {
  for (const bug of bound) {
    const runs = breaksOf(bug);
    for (const breaks of ids.filter((id) => id !== cardOf(bug).breaks)) {
      assertNotEquals(misnamed({ ...cardOf(bug), breaks }, runs), "", `${bug} with ${breaks}`);
    }
  }
});

Deno.test("what of a bug no event shows is listed with the reason, and nothing else is", () => {
  const silent = bugNames.filter((bug) => breaksOf(bug).some((each) => each.length === 0));
  const unseen = silent.filter((bug) => breaksOf(bug).every((each) => each.length === 0));
  assertEquals(unseen, bugNames.filter((bug) => unbound[bug] !== undefined));
  const inPart = silent.filter((bug) => !unseen.includes(bug));
  assertEquals(inPart, bugNames.filter((bug) => seenInPart[bug] !== undefined));
});

Deno.test("every step of the operation model comes with events, or it is listed why not", () => {
  const labels = new Set(
    layouts.flatMap(({ layout }) =>
      begin(layout).machine.programs.flatMap((program) => program.map(({ label }) => label))
    ),
  );
  const eventful = new Set(replayed.flatMap(({ run }) => [...run.eventful]));
  const silent = [...labels].filter((label) => !eventful.has(label));
  assertEquals(silent.toSorted(), Object.keys(silentSteps).toSorted());
});

Deno.test("an id that is left out is left out somewhere, and is an invariant's", () => {
  for (const [id, { when }] of Object.entries(exempt)) {
    assert(ids.includes(id), id);
    const transcripts = replayed.flatMap(({ run }) => run.files.map((file) => file.transcript));
    assert(transcripts.some(when), id);
  }
});
