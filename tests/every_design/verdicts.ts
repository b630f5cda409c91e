/**
 * What the explorer says of every design of the catalogue.
 */
import { assert, assertEquals } from "@std/assert";
import type { Actor, Design } from "../../model/design.ts";
import { designs } from "../../model/designs/catalogue.ts";
import { brokenBy, type Exploration, explore } from "../../model/explore.ts";
import { step } from "../../model/step.ts";
import { Entry, Tag } from "../../model/xarray.ts";
import type { Event, Removal } from "../../model/event.ts";
import { Extent } from "../../model/extent.ts";
import { invariants } from "../../model/invariants/catalogue.ts";
import { Judgement } from "../../model/invariant.ts";
import { runOf } from "../../model/race.ts";
import { hasCrashed, isPowerFailure, movesFrom, nextStep, startOf, take } from "../../model/run.ts";
import { copyState, createState, type State } from "../../model/state.ts";
import { neverExercised, neverTaken } from "../../vectors/command/report/explore_gaps.ts";
import { explorations } from "./explorations.ts";

const byId = new Map(explorations.map((each) => [each.design.id, each]));

function exploration(id: string): Exploration {
  const found = byId.get(id);
  if (found === undefined) throw new Error(`no design ${id}`);
  return found;
}

/** Names of the actor and the step, with the result, of the shortest race that breaks the id. */
function race(design: string, id: string): readonly string[] {
  const finding = exploration(design).findings.find((each) => each.id === id);
  if (finding?.verdict !== "violated") throw new Error(`${design} keeps ${id}`);
  return runOf(finding.path).map(({ actor, step, result }) =>
    `${actor}: ${step}${result === "" ? "" : ` -> ${result}`}`
  );
}

for (const system of ["A", "B", "C", "D", "E", "F"]) {
  Deno.test(`every design of system ${system} breaks what it is said to break, and nothing else`, () => {
    const own = explorations.filter(({ design }) => design.system === system);
    assert(own.length > 0);
    for (const each of own) {
      const { design } = each;
      assert(each.complete, design.id);
      assertEquals([...brokenBy(each)].sort(), [...design.breaks].sort(), design.id);
    }
  });
}

/**
 * True where nothing can happen, but that power fails, although an actor that is not the environment
 * is not at its end.
 */
function isStuck(design: Design, state: State): boolean {
  const waits = design.actors.some((actor) =>
    !actor.environment && nextStep(state, actor) !== undefined
  );
  return waits && !hasCrashed(state) &&
    movesFrom(design, state).every(({ branch }) => isPowerFailure(branch));
}

Deno.test("every run of the designs of systems A and D ends", () => {
  for (const { design, endless } of explorations) {
    if (design.system === "A" || design.system === "D") assertEquals(endless, undefined, design.id);
  }
});

Deno.test("ids of designs are unique", () => {
  assertEquals(byId.size, designs.length);
});

Deno.test("claims and exemptions name invariants of the catalogue, an exemption with its reason", () => {
  const ids = new Set(invariants.map(({ id }) => id));
  for (const { id, breaks, exempt = {} } of designs) {
    for (const each of [...breaks, ...Object.keys(exempt)]) assert(ids.has(each), `${id}: ${each}`);
    for (const [each, why] of Object.entries(exempt)) {
      assert(why.length > 20, `${id}: ${each}`);
      assert(!breaks.includes(each), `${id} breaks ${each} and is exempt from it`);
    }
  }
});

Deno.test("every invariant is exercised by some design, and every way of every step is taken", () => {
  assertEquals(neverExercised(explorations, invariants), []);
  assertEquals(neverTaken(explorations), []);
});

Deno.test("a race can be run from the design's start, and its last move is the breach", () => {
  let races = 0;
  for (const { design, findings } of explorations) {
    for (const finding of findings) {
      if (finding.verdict !== "violated") continue;
      const state = startOf(design);
      let before = copyState(state);
      const broken: string[] = [];
      for (const [index, move] of finding.path.entries()) {
        const taken = take(state, move, {
          before: (now) => before = copyState(now),
          after: (event, now) => {
            for (const { id, judge } of invariants) {
              if (
                design.exempt?.[id] === undefined && judge(before, event, now) === Judgement.BROKEN
              ) {
                broken.push(id);
              }
            }
          },
        });
        assert(taken, `${design.id}, ${finding.id}: step ${index + 1} is not possible`);
        const isLast = index === finding.path.length - 1;
        assertEquals(broken.includes(finding.id), isLast && finding.id !== "LOCK-1", design.id);
      }
      if (finding.id === "LOCK-1") assert(isStuck(design, state), design.id);
      races++;
    }
  }
  assert(races > 100, `${races} races`);
});

Deno.test("A0 loses as the first seed tells it, step for step", () => {
  assertEquals(race("A0", "DAX-HOLE-1"), [
    "P1 load: find_get_page(0) -> none",
    "P1 load: get_block(0) -> HOLE",
    "P2 store: find_get_page(0) -> none",
    "P2 store: get_block(0) -> HOLE",
    "P2 store: get_block(0, create) -> NEW",
    "P2 store: find_lock_page(0) -> none",
    "P1 load: dax_load_hole(0) -> new page",
    "P1 load: do_set_pte(0)",
    "P2 store: dax_insert_mapping(0)",
  ]);
});

Deno.test("A7 loses to a write(2) between its look-up and its lock, step for step", () => {
  assertEquals(race("A7", "DAX-HOLE-1"), [
    "P1 load: ->iomap_begin(0) -> HOLE",
    "write(2): ->iomap_begin(0, WRITE) -> NEW",
    "write(2): invalidate_inode_pages2_range(0) -> no entry",
    "P1 load: grab_mapping_entry(0)",
    "write(2): unmap_mapping_pages(0) in mapping 0",
    "P1 load: dax_load_hole(0)",
    "P1 load: dax_unlock_entry(0)",
  ]);
});

Deno.test("D2 loses what B stores after the first fsync, as seed 003 tells it", () => {
  assertEquals(race("D2", "DUR-1"), [
    "B store: store to page 1 -> fault",
    "B store: grab_mapping_entry(1)",
    "B store: pmd_trans_huge(*vmf->pmd)",
    "B store: ->iomap_begin(1) -> MAPPED",
    "B store: dax_insert_entry(1, DIRTY)",
    "B store: vmf_insert_mixed_mkwrite(1)",
    "B store: dax_unlock_entry(1)",
    "fsync: tag_pages_for_writeback()",
    "fsync: xas_for_each_marked(TOWRITE) -> entry 0 locked",
    "fsync: mkclean entry 0 in mapping 0",
    "fsync: dax_flush(0)",
    "B store: store to page 1",
    "fsync: clear DIRTY, unlock entry 0 -> PMD",
    "fsync: fsync returns 0",
    "fsync: tag_pages_for_writeback()",
    "fsync: xas_for_each_marked(TOWRITE) -> none",
    "fsync: fsync returns 0",
  ]);
});

Deno.test("the second of two fsyncs returns while the first holds the entry (D3, 5.3b)", () => {
  assertEquals(race("D3-pmd", "DAX-WAIT-1"), [
    "fsync 1: tag_pages_for_writeback()",
    "fsync 2: tag_pages_for_writeback()",
    "fsync 1: xas_for_each_marked(TOWRITE) -> entry 0 locked",
    "fsync 2: xas_for_each_marked(TOWRITE) -> none",
    "fsync 2: fsync returns 0",
  ]);
});

Deno.test("what is said to be sound against two fsyncs, partial removal or both is explored whole", () => {
  const sound = explorations.filter(({ design }) =>
    /^D(?:8|9|10|12-D8|14|18-D12-D8|19-D8)\b/.test(design.id)
  );
  assertEquals(sound.flatMap((each) => brokenBy(each)), []);
  assertEquals(sound.length, 15 + 2 + 3 + 6 + 5);
  for (const each of sound) assert(each.complete && each.stuck === undefined, each.design.id);
});

Deno.test("a single fsync loses a store if a fault holds the entry that its pass meets (D21)", () => {
  assertEquals(race("D21-fault", "DUR-1").slice(-5), [
    "P2 store: store to page 0 -> fault",
    "P2 store: grab_mapping_entry(0)",
    "fsync: tag_pages_for_writeback()",
    "fsync: xas_for_each_marked(TOWRITE) -> entry 0 held, passed over",
    "fsync: fsync returns 0",
  ]);
});

Deno.test("breaking layouts loses a store elsewhere without any other task (D16)", () => {
  assertEquals(race("D16", "DUR-1"), [
    "A remove, fsync: fallocate(PUNCH_HOLE): filemap_invalidate_lock()",
    "A remove, fsync: unmap_mapping_pages(0, 1) in mapping 0",
    "A remove, fsync: dax_delete_mapping_range(0)",
    "A remove, fsync: dax_delete_mapping_range(1)",
    "A remove, fsync: free the blocks, return",
    "A remove, fsync: tag_pages_for_writeback()",
    "A remove, fsync: xas_for_each_marked(TOWRITE) -> none",
    "A remove, fsync: fsync returns 0",
  ]);
});

Deno.test("that layouts had to be broken excuses nothing: what a call does not remove is judged", () => {
  const state = createState({ pages: 2, pmdPages: 1, mappings: 0, tasks: 1, locals: 0 });
  state.extent.fill(Extent.MAPPED);
  state.entry.fill(Entry.PFN);
  state.tag.fill(Tag.DIRTY);
  const broken = (event: Event): readonly string[] => {
    const after = copyState(state);
    step(after, event);
    return invariants.filter(({ judge }) => judge(state, event, after) === Judgement.BROKEN)
      .map(({ id }) => id);
  };
  const drop = (why: Removal, from: number, to: number): Event => ({
    kind: "remove_entry",
    task: 0,
    page: 0,
    why,
    from,
    to,
  });
  for (const why of ["layout", "punch", "zero_range", "truncate", "collapse", "insert"] as const) {
    assertEquals(broken(drop(why, 1, 2)), ["DAX-TAG-2", "DAX-TAG-4"], why);
    assertEquals(broken(drop(why, 0, 0)), ["DAX-TAG-2", "DAX-TAG-4"], `${why} of nothing`);
    assertEquals(broken(drop(why, 0, 1)), [], `${why} of the page`);
  }
  for (const why of ["invalidate", "downgrade"] as const) {
    assertEquals(broken(drop(why, 0, 1)), ["DAX-TAG-2"], why);
  }
});

Deno.test("where power can fail, nobody waits for ever if it never does", () => {
  const failing = designs.filter(({ actors }) => actors.some(failsPower));
  assert(failing.length > 30);
  for (const design of failing) {
    const actors = design.actors.filter((actor) => !failsPower(actor));
    const { stuck } = explore({ ...design, actors });
    assertEquals(stuck !== undefined, design.breaks.includes("LOCK-1"), design.id);
  }
});

/** A power failure is possible at any time: it hides from the explorer that nothing else is. */
function failsPower({ program }: Actor): boolean {
  return program.some(({ branches }) =>
    branches.some(({ events }) => events.some(({ kind }) => kind === "crash"))
  );
}

Deno.test("the number of states and transitions does not change by itself", () => {
  const counts = (id: string) => {
    const { states, transitions, depth } = exploration(id);
    return { states, transitions, depth };
  };
  assertEquals(counts("A0"), { states: 47, transitions: 63, depth: 11 });
  assertEquals(counts("A9-pmd-load"), { states: 579, transitions: 1262, depth: 23 });
  assertEquals(counts("D3"), { states: 1578, transitions: 3362, depth: 37 });
  assertEquals(counts("D10-three"), { states: 958641, transitions: 2827451, depth: 62 });
});
