/**
 * A design is refused if anything of it is not as it must be, with a sentence that names the mistake;
 * whatever is sound goes through as it is.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import type { Design } from "../model/design.ts";
import { designs } from "../model/designs/catalogue.ts";
import { choice, does } from "../model/designs/program.ts";
import { task } from "../model/designs/calls.ts";
import { examine, type Examined, mistakesIn } from "../model/examine.ts";
import { sayMistake } from "../model/examine/mistake.ts";
import { variable } from "../model/variable.ts";
import { type WorldMutant, worldMutants } from "./mutation/world_mutants.ts";
import { outsideIn } from "./outside.ts";

const page = 0;
const sound: Design = {
  id: "sound",
  system: "own",
  title: "a block is allocated under the entry lock",
  source: "a test",
  bounds: { pages: 1, pmdPages: 1, mappings: 1, tasks: 1, locals: 1 },
  actors: [task("W", 0, () => [
    does("lock", "grab_mapping_entry(0)", { kind: "lock_entry", task: 0, page, order: "pte" }),
    does("allocate", "get_block(0, create)", { kind: "allocate", task: 0, page }),
    does("unlock", "dax_unlock_entry(0)", { kind: "unlock_entry", task: 0, page }),
  ])],
  breaks: [],
};

/** The sound design with another program in its actor. */
function doing(...program: Design["actors"][number]["program"]): Design {
  return { ...sound, actors: [task("W", 0, () => program)] };
}

const seq = variable("seq");

/** Malformed designs, and what is said of each. */
const malformed: readonly (readonly [design: Design, says: RegExp])[] = [
  [
    doing(does("find", "filemap_get_folio(0)", { kind: "find_folio", task: 0, page })),
    /^W, step "find": expected bounds\.folios for find_folio, which the world does not have$/,
  ],
  [
    {
      ...sound,
      bounds: { ...sound.bounds, tasks: 1 },
      actors: [{ ...task("W", 1), program: sound.actors[0]?.program ?? [] }],
    },
    /^W: expected a task below 1, not 1: bounds\.tasks says how many there are$/,
  ],
  [
    doing(does("look", "get_block(3)", { kind: "look_up", task: 0, page: 3 })),
    /^W, step "look": expected look_up with page as a number below 1, not 3$/,
  ],
  [
    doing(does("unmap", "zap", { kind: "unmap_page", mapping: 1, page })),
    /^W, step "unmap": expected unmap_page with mapping as a number below 1, not 1$/,
  ],
  [
    doing(does("one", "a"), does("one", "b")),
    /^W, step "one": expected a label that no other step has$/,
  ],
  [
    doing(choice("jump", "a", { goto: "end" }), does("never", "b")),
    /^W, step "never": expected a way that leads here$/,
  ],
  [
    doing(choice("jump", "a", { goto: "nowhere" })),
    /^W, step "jump": expected goto to a label of W, or "end", not "nowhere"$/,
  ],
  [
    doing(does("do", "a", JSON.parse('{ "kind": "lock_entires", "task": 0, "page": 0 }'))),
    /^W, step "do": expected a kind of event that there is, not "lock_entires"$/,
  ],
  [
    { ...sound, breaks: ["DAX-HOLE-9"] },
    /^expected the id of an invariant in breaks, not "DAX-HOLE-9"$/,
  ],
  [
    { ...sound, exempt: { "HOLE-1": "" } },
    /^expected the id of an invariant in exempt, not "HOLE-1"$/,
  ],
  [
    { ...sound, bounds: { ...sound.bounds, pages: 3, pmdPages: 2 } },
    /^expected bounds\.pmdPages to divide the 3 pages$/,
  ],
  [
    doing(choice("look", "a", { when: (state) => state.pte[7] === 0 })),
    /^W, step "look": expected a condition that reads what the world has, not pte\[7\]$/,
  ],
  [
    doing(choice("count", "a", { then: (state) => seq.set(state, 1) })),
    /^W, step "count": expected a deed that ends, not one that throws ""seq" is no variable of the/,
  ],
  [
    doing(
      choice("first", "a", { goto: "end" }, { when: (state) => state.extent[page] === 2 }),
      does("on", "b"),
    ),
    /^W, step "on": expected a run that takes "b": none does/,
  ],
  [
    doing(choice("meddle", "a", { when: (state) => (state.tag[page] = 1) === 1 })),
    /^W, step "meddle": expected a condition that only looks, not one that writes tag\[0\]$/,
  ],
];

Deno.test("a malformed design is refused with a sentence that names the mistake, and none explores", () => {
  assertEquals(examine(sound).kind, "explored");
  for (const [design, says] of malformed) {
    const found = examine(design);
    assert(found.kind === "malformed", String(says));
    const [first] = found.mistakes.filter((each) => says.test(sayMistake(each)));
    assertMatch(
      first === undefined ? found.mistakes.map(sayMistake).join("\n") : sayMistake(first),
      says,
    );
  }
  assert(malformed.length >= 10);
});

/**
 * Mistakes of a design's world. That it alone takes every step of its programs is not asked here: what
 * one design of the catalogue never takes, another does.
 */
function mistakesOf(found: Examined): readonly string[] {
  if (found.kind === "explored") return [];
  return found.mistakes.map(sayMistake).filter((each) => !/expected a run that takes/.test(each));
}

Deno.test("every design of the catalogue passes as it is", () => {
  for (const design of designs) {
    assertEquals(mistakesIn(design).map(sayMistake), [], design.id);
    assertEquals(mistakesOf(examine(design, { limit: 100 })), [], design.id);
  }
});

/** Sound designs that are small enough to be explored to their ends here. */
const few: readonly Design[] = designs.filter(({ id }) =>
  [
    "A6",
    "A8",
    "A9-waiters",
    "B1",
    "B-fdatasync-punch",
    "C3",
    "D3-fault",
    "E6",
    "F2-truncate",
    "C4-self",
  ].includes(id)
);

const mutants: readonly WorldMutant[] = few.flatMap(worldMutants);

Deno.test("no mutant with a broken world is reported sound", () => {
  assertEquals(few.length, 10);
  let broken = 0;
  fc.assert(
    fc.property(fc.constantFrom(...mutants), ({ design, what }) => {
      const outside = outsideIn(design, 300);
      if (outside === undefined) return;
      broken++;
      assert(
        mistakesOf(examine(design, { limit: 300 })).length > 0,
        `${design.id} ${what}: ${outside}`,
      );
    }),
    { numRuns: 80 },
  );
  assert(broken > 5, `${broken} broken`);
});
