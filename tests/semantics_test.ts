/**
 * What `spec/events.md` says of events and invariants is what the code does: both are run side by side,
 * in worlds of every make and along every event vector.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Event, EventKind } from "../model/event.ts";
import { eventKinds, fieldsOf } from "../model/events/fields.ts";
import { type Invariant, Judgement } from "../model/invariant.ts";
import { invariants } from "../model/invariants/catalogue.ts";
import { eventRows, judgeRows } from "../model/semantics.ts";
import { constants, functions, procedures } from "../model/semantics/names.ts";
import { copyState, type Field, type State, stateKey, viewNames } from "../model/state.ts";
import { enabled, step } from "../model/step.ts";
import { startState } from "../vectors/format/event_vector.ts";
import { events as vectors } from "./bundled_suite.ts";
import { anyBounds, chance, eventOf, fits, hasFreeFolio, startText, worldOf } from "./any_world.ts";
import { readExpression, readHead, readStatement, run } from "./notation.ts";
import {
  Frame,
  type Lambda,
  type NotationValue,
  type Procedure,
  type Scope,
} from "./notation/scope.ts";

const lambdas: ReadonlyMap<string, Lambda> = new Map(
  functions.map(({ head, is }) => {
    const [name, parameters] = readHead(head);
    return [name, { parameters, body: readExpression(is) }] as const;
  }),
);

const shared: ReadonlyMap<string, Procedure> = new Map(
  procedures.map(({ head, does }) => {
    const [name, parameters] = readHead(head);
    return [name, { parameters, body: does.map(readStatement) }] as const;
  }),
);

const rows = new Map(
  Object.entries(eventRows).map(([kind, { possible, does = [] }]) => [
    kind,
    { possible: readExpression(possible ?? "true"), does: does.map(readStatement) },
  ]),
);

const judges = judgeRows.map(({ id, on, where = [], looks, asked, holds }) => ({
  id,
  on,
  where: where.map(readStatement),
  looks,
  asked: readExpression(asked),
  holds: readExpression(holds),
}));

const numbers = new Frame(constants.flatMap(({ values }) => Object.entries(values)));

/** Bounds that may be absent, and what they are then. */
const absent = [
  "rwsems",
  "privateFrom",
  "waitQueues",
  "tlbs",
  "subpage",
  "contents",
  "folios",
  "blocks",
  "locks",
  "durable",
  "syncBelow",
  "stableWrites",
  "vmas",
  "files",
].map((name): readonly [string, number] => [name, name === "files" ? 1 : 0]);

function plain(value: unknown): NotationValue {
  return typeof value === "string" ? value : Number(value);
}

function scopeOf(state: State, event: Event): Scope {
  const names = new Frame(absent, numbers);
  for (const name of Object.keys(fieldsOf(event.kind))) names.set(name, 0);
  const said = [...Object.entries(state.bounds), ...Object.entries(event)];
  for (const [name, value] of said) names.set(name, plain(value));
  return {
    names,
    given: (name) => said.some(([each]) => each === name),
    read: (view, place) => viewIn(state, view)[place] ?? 0,
    write: (view, place, value) => {
      const bytes = viewIn(state, view);
      if (place >= 0 && place < bytes.length) bytes[place] = value;
    },
    clear: (kept) => {
      for (const name of viewNames) if (!kept.includes(name)) state[name].fill(0);
    },
    functions: lambdas,
    procedures: shared,
  };
}

const viewNamed = new Map<string, Field>(viewNames.map((name) => [name, name]));

function viewIn(state: State, name: string): Uint8Array {
  const view = viewNamed.get(name);
  assert(view !== undefined, `no view ${name}`);
  return state[view];
}

/** Judges that the rows give of one step, by id. */
function judgedByRows(before: State, event: Event, after: State): ReadonlyMap<string, Judgement> {
  const found = new Map<string, Judgement>();
  for (const { id, on, where, looks, asked, holds } of judges) {
    if (!on.includes(event.kind)) continue;
    const first = scopeOf(before, event);
    run(where, first);
    const scope = looks === "before" ? first : { ...scopeOf(after, event), names: first.names };
    if (asked(scope) === 0) continue;
    found.set(id, holds(scope) === 0 ? Judgement.BROKEN : Judgement.KEPT);
  }
  return found;
}

function judgedByCode(before: State, event: Event, after: State): ReadonlyMap<string, Judgement> {
  const asked = invariants.filter(({ on }: Invariant) => on.includes(event.kind));
  return new Map(
    asked.map(({ id, judge }) => [id, judge(before, event, after)] as const)
      .filter(([, judgement]) => judgement !== Judgement.IDLE),
  );
}

/** One event in one world: possible, done and judged as the code has it. Returns whether possible. */
function compareStep(before: State, event: Event, told: () => string): boolean {
  const row = rows.get(event.kind);
  assert(row !== undefined, event.kind);
  const possible = enabled(before, event);
  const crashed = before.crashed[0] === 1;
  const said = !crashed && row.possible(scopeOf(before, event)) !== 0;
  if (said !== possible) throw new Error(`${told()}: ${said ? "" : "not "}possible by the rows`);
  if (!possible) return false;
  const [byCode, byRows] = [copyState(before), copyState(before)];
  step(byCode, event);
  run(row.does, scopeOf(byRows, event));
  if (stateKey(byRows) !== stateKey(byCode)) {
    for (const name of viewNames) assertEquals(byRows[name], byCode[name], `${told()}: ${name}`);
  }
  const [byRow, byJudge] = [judgedByRows, judgedByCode].map((judged) =>
    [...judged(before, event, byCode)].map(([id, judgement]) => `${id} ${judgement}`).toSorted()
      .join()
  );
  if (byRow !== byJudge) assertEquals(byRow, byJudge, told());
  return true;
}

Deno.test("every event vector, event by event, is what the rows say", () => {
  const kinds = new Set<EventKind>();
  const seen = new Set<string>();
  for (const { handle, bounds, start, events } of vectors) {
    const state = startState({ bounds, start });
    for (const event of events) {
      // Many vectors begin alike.
      const key = JSON.stringify([bounds, stateKey(state), event]);
      const known = seen.has(key);
      seen.add(key);
      assert(known || compareStep(state, event, () => `${handle}: ${JSON.stringify(event)}`));
      step(state, event);
      kinds.add(event.kind);
    }
  }
  assert(kinds.size > 80, `${kinds.size} kinds`);
});

Deno.test("any event in any world is possible, done and judged as the rows say", () => {
  const done = new Map<string, number>();
  fc.assert(
    fc.property(anyBounds, fc.integer({ min: 1 }), (bounds, seed) => {
      const from = chance(seed);
      const state = worldOf(bounds, from);
      for (const kind of eventKinds) {
        if (!fits(kind, bounds)) continue;
        const event = eventOf(kind, bounds, from);
        if (kind === "add_folio" && !hasFreeFolio(state)) continue;
        const told = () => JSON.stringify({ event, bounds, start: startText(state) });
        if (compareStep(state, event, told)) done.set(kind, (done.get(kind) ?? 0) + 1);
      }
    }),
    { numRuns: 100 },
  );
  for (const kind of eventKinds) assert((done.get(kind) ?? 0) > 0, kind);
});

Deno.test("every invariant that is judged step by step has rows, on the kinds that can break it", () => {
  for (const { id, on } of invariants) {
    const told = judgeRows.filter((row) => row.id === id).flatMap((row) => row.on);
    assertEquals(told.toSorted(), [...on].toSorted(), id);
  }
  for (const { id } of judgeRows) assert(invariants.some((each) => each.id === id), id);
});
