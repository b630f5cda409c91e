import { assert, assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { designs } from "../model/designs/catalogue.ts";
import { invariants } from "../model/invariants/catalogue.ts";
import { everyAuthored } from "../vectors/generate/authored/every_authored.ts";
import { bodyOf } from "../vectors/generate/authored/sequence.ts";
import { impliedBy, judgeEvents, ruling } from "../vectors/format/judge_events.ts";
import { produces } from "../vectors/generate/mutants/produces.ts";
import { flagOf, notes } from "../vectors/generate/notes.ts";
import { contentId, finish } from "../vectors/format/vector.ts";
import { bugClasses } from "../vectors/format/vocabulary.ts";
import { events, files, rows, vectors } from "./bundled_suite.ts";
import { litmusRows, litmusWithout } from "./litmus.ts";

/** Ids that have no vector of one sign, with the reason. */
const unpaired: { readonly [sign in "rejected" | "accepted"]: Readonly<Record<string, string>> } = {
  rejected: {
    "LOCK-1": "that somebody waits for ever is no event; operation vectors show it, as a hang",
  },
  accepted: {
    "LOCK-1": "that nobody waits for ever is no event; operation vectors show it, as an end",
  },
};

Deno.test("author and model agree on every hand-written sequence", () => {
  for (const authored of everyAuthored) {
    const body = bodyOf(authored);
    const outcome = judgeEvents(body);
    const name = `${authored.about}/${authored.name}`;
    assertEquals(ruling(outcome), body.verdict, name);
    if (outcome.kind === "impossible" || body.verdict.kind === "rejected") continue;
    assert(outcome.kept.has(authored.about), `${name} does not exercise ${authored.about}`);
  }
});

Deno.test("a rejected sequence has one bug: what breaks besides is implied by it", () => {
  let rejected = 0;
  for (const { handle, verdict, ...vector } of events) {
    assertEquals(ruling(judgeEvents(vector)), verdict, handle);
    if (verdict.kind === "accepted") continue;
    rejected++;
    const implied = impliedBy(verdict.invariant);
    for (const { invariant, at } of verdict.implied) {
      assert(implied.has(invariant) && at >= verdict.at, handle);
    }
    const before = { ...vector, events: vector.events.slice(0, verdict.at) };
    assertEquals(ruling(judgeEvents(before)), { kind: "accepted" }, handle);
  }
  assert(rejected > 100);
});

Deno.test("every row of the litmus catalogue has a vector of each kind, or the reason why not", () => {
  for (const kind of ["event", "operation"] as const) {
    const cited = new Set(
      vectors.filter((vector) => vector.kind === kind).flatMap(({ provenance }) =>
        provenance.kind === "derived" ? [] : provenance.references
      ).flatMap((reference) => reference.kind === "catalogue" ? [reference.id] : []),
    );
    for (const row of litmusRows) {
      assert(cited.has(row) !== (row in litmusWithout[kind]), `${row} as ${kind}`);
    }
    for (const row of cited) assert(litmusRows.includes(row), row);
  }
});

Deno.test("every invariant has event vectors of both signs, or the reason why not", () => {
  for (const { id } of invariants) {
    const rejected = events.some(({ verdict }) =>
      verdict.kind === "rejected" && verdict.invariant === id
    );
    const accepted = events.some(({ verdict, invariants }) =>
      verdict.kind === "accepted" && invariants.includes(id)
    );
    assertEquals({ rejected, accepted }, {
      rejected: !(id in unpaired.rejected),
      accepted: !(id in unpaired.accepted),
    }, id);
  }
});

Deno.test("every design has a vector, and one for each invariant that it breaks", () => {
  for (const { id, breaks } of designs) {
    const own = events.filter(({ provenance }) =>
      provenance.kind === "derived" && provenance.designs.includes(id)
    );
    const told = new Set(
      own.flatMap(({ verdict }) =>
        verdict.kind === "rejected"
          ? [verdict.invariant, ...verdict.implied.map(({ invariant }) => invariant)]
          : []
      ),
    );
    // That somebody waits for ever is no event.
    const broken = breaks.filter((each) => each !== "LOCK-1");
    for (const each of broken) assert(told.has(each), `${id} breaks ${each}`);
    assert(own.length > 0 || (broken.length === 0 && breaks.length > 0), id);
  }
});

Deno.test("a design that a vector was derived from produces it", () => {
  for (const { provenance, ...vector } of events) {
    if (provenance.kind !== "derived") continue;
    for (const id of provenance.designs) {
      const design = designs.find((each) => each.id === id);
      assert(design !== undefined && produces(design, vector), `${id}: ${vector.handle}`);
    }
  }
});

Deno.test("no mutant lives, but those that are equivalent for a stated reason", () => {
  for (const { id, kills, killedBy, equivalent } of rows) {
    assertEquals(killedBy.length > 0, equivalent === undefined, id);
    assertEquals(killedBy.length, kills, id);
  }
  assert(rows.length >= 150);
  assertEquals(new Set(rows.map(({ id }) => id)).size, rows.length);
});

Deno.test("a vector that kills nothing says why it stays, and no other does", () => {
  const killers = new Set(rows.flatMap(({ killedBy }) => killedBy));
  for (const { id, handle, stays } of vectors) {
    assertEquals(stays === undefined, killers.has(id), handle);
  }
});

Deno.test("ids and handles are unique; an id is made of what the vector means and of nothing else", () => {
  assertEquals(new Set(vectors.map(({ id }) => id)).size, vectors.length);
  assertEquals(new Set(vectors.map(({ handle }) => handle)).size, vectors.length);
  const anyEvents = fc.constantFrom(...events);
  fc.assert(fc.property(anyEvents, fc.string(), fc.string(), (vector, handle, says) => {
    const { id, configuration, kind, bounds, start, exempt, events, verdict, ...rest } = vector;
    const body = { kind, bounds, start, exempt, events, verdict };
    assertMatch(id, /^[0-9a-f]{12}$/);
    assertEquals(finish({ ...rest, configuration, body }).id, id);
    assertEquals(finish({ ...rest, handle, says, configuration, flags: [], body }).id, id);
    const reordered = { verdict, events, exempt, start, bounds, kind };
    assertEquals(contentId(configuration, reordered), id);
    const other = { ...body, events: [...events, ...events] };
    assert(contentId(configuration, other) !== id);
  }));
});

Deno.test("every flag is a note of its file, every note is used, every class of bug has one", () => {
  const used = new Set<string>();
  for (const { system, notes: told, vectors } of files) {
    const flags = new Set(vectors.flatMap(({ flags }) => flags));
    assertEquals([...flags].sort(), Object.keys(told).sort(), system);
    for (const flag of flags) used.add(flag);
    for (const { handle, flags } of vectors) {
      assert(flags.length > 0, `${handle} has no flag`);
    }
  }
  assertEquals([...used].sort(), Object.keys(notes).sort());
  const classes = new Set(Object.values(notes).map(({ bugClass }) => bugClass));
  assertEquals([...classes].sort(), Object.keys(bugClasses).sort());
  for (const { id } of invariants) assert(flagOf(id) in notes);
});

Deno.test("the suite is as large as it must be: vectors, hand-written ones, mutants, bytes", () => {
  const authored = vectors.filter(({ provenance }) => provenance.kind === "authored");
  assert(vectors.length >= 400, `${vectors.length} vectors`);
  assert(authored.length >= 70, `${authored.length} by hand`);
});
