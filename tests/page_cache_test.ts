import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { directIoDesigns } from "../model/designs/direct_io.ts";
import { durabilityDesigns } from "../model/designs/durability.ts";
import { pinDesigns } from "../model/designs/pins.ts";
import { truncateDesigns } from "../model/designs/truncate.ts";
import { lockEnabled, lockStep } from "../model/effects/lock.ts";
import type { Lock } from "../model/events/lock.ts";
import { Extent } from "../model/extent.ts";
import { heldMode, type LockMode, lockModes } from "../model/mode_lock.ts";
import { Pte } from "../model/page_table.ts";
import { smallWorld } from "../model/check/small_world.ts";
import { createState, type State } from "../model/state.ts";
import { choices, walk } from "./random_walk.ts";

const designs = [...durabilityDesigns, ...directIoDesigns, ...pinDesigns, ...truncateDesigns];

/** Holds in every state of runs of every design. */
function everywhere(holds: (state: State, where: string) => void): void {
  fc.assert(
    fc.property(fc.constantFrom(...designs), choices, (design, choose) => {
      for (const state of walk(design, choose)) holds(state, design.id);
    }),
    { numRuns: 400 },
  );
}

Deno.test("a folio is in one slot at most, and in the slot of the page that maps it", () => {
  everywhere((state, where) => {
    const filled = state.slot.filter((folio) => folio !== 0);
    assertEquals(filled.length, new Set(filled).size, where);
    if (state.folio.length === 0) return;
    state.pte.forEach((pte, index) => {
      if (pte === Pte.NONE) return;
      assertEquals(state.pfn[index], state.slot[index % state.bounds.pages], where);
    });
  });
});

Deno.test("a folio that nobody has leaves nothing behind", () => {
  everywhere((state, where) => {
    for (let folio = 0; folio < state.folio.length; folio++) {
      const views = [state.slot, state.hand, state.pinned, state.pfn];
      if (views.some((view) => view.includes(folio + 1))) continue;
      const left = [state.folio, state.locked, state.memory, state.backing, state.settled];
      assertEquals(left.map((view) => view[folio]), [0, 0, 0, 0, 0], where);
    }
  });
});

Deno.test("a block is owned by the page that has it, and by no other", () => {
  everywhere((state, where) => {
    state.block.forEach((block, page) => {
      if (block !== 0) assertEquals(state.owner[block - 1], page + 1, where);
      if (state.extent[page] === Extent.MAPPED) assert(block !== 0, where);
    });
    state.owner.forEach((owner, block) => {
      if (owner !== 0) assertEquals(state.block[owner - 1], block + 1, where);
    });
  });
});

Deno.test("DIRTY and WRITEBACK of an unlocked folio are those of its slot", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...designs.filter(({ breaks }) => breaks.length === 0)),
      choices,
      (design, choose) => {
        for (const state of walk(design, choose)) {
          state.slot.forEach((slot, page) => {
            if (slot === 0 || state.locked[slot - 1] !== 0) return;
            const flags = (state.folio[slot - 1] ?? 0) >> 1;
            assertEquals((state.tag[page] ?? 0) & 1, flags & 1, design.id);
            assertEquals(((state.tag[page] ?? 0) >> 2) & 1, (flags >> 1) & 1, design.id);
          });
        }
      },
    ),
    { numRuns: 400 },
  );
});

const mode: fc.Arbitrary<LockMode> = fc.constantFrom(
  "SHARED",
  "DEFERRED",
  "EXCLUSIVE",
  "ADD",
  "BLOCK",
);

Deno.test("a lock with modes is held in one mode at a time, and EXCLUSIVE by one task", () => {
  const step = fc.record({ task: fc.nat({ max: 2 }), mode, take: fc.boolean() });
  fc.assert(fc.property(fc.array(step), (steps) => {
    const state = createState({
      pages: 1,
      pmdPages: 1,
      mappings: 0,
      tasks: 3,
      locals: 0,
      locks: 1,
    });
    const held = new Map<number, LockMode>();
    for (const { task, mode, take } of steps) {
      if (!take && held.has(task)) {
        lockStep(state, { kind: "unlock", task, lock: 0 });
        held.delete(task);
      } else if (take && !held.has(task)) {
        const lock: Lock = { kind: "lock", task, lock: 0, mode, name: "" };
        const others = [...held.values()];
        const free = others.every((other) => other === mode) &&
          (others.length === 0 || mode !== "EXCLUSIVE");
        assertEquals(lockEnabled(state, lock), free);
        if (!free) continue;
        lockStep(state, lock);
        held.set(task, mode);
      }
      for (let each = 0; each < 3; each++) {
        const mode = held.get(each);
        assertEquals(heldMode(state, 0, each), mode === undefined ? 0 : lockModes[mode]);
      }
    }
  }));
});

Deno.test("the checker's world is no larger for folios, blocks, locks and power", () => {
  const state = createState(smallWorld);
  for (
    const view of [
      state.slot,
      state.folio,
      state.pfn,
      state.pinned,
      state.block,
      state.media,
      state.iomap,
      state.lock,
      state.visible,
      state.diskExtent,
      state.synced,
      state.crashed,
    ]
  ) {
    assertEquals(view.length, 0);
  }
});
