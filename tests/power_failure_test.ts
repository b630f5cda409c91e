import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { durabilityDesigns } from "../model/designs/durability.ts";
import { pinDesigns } from "../model/designs/pins.ts";
import { commitMap, recovered } from "../model/storage.ts";
import type { Event } from "../model/event.ts";
import { Extent } from "../model/extent.ts";
import { Pte } from "../model/page_table.ts";
import { copyState, createState, type State } from "../model/state.ts";
import { enabled, step } from "../model/step.ts";
import { choices, walk } from "./random_walk.ts";

const page = 0;
const even = 0x55;

/** One written block, mapped writable by one process, all of it on the disk. */
function written(): State {
  const state = createState({
    pages: 1,
    pmdPages: 1,
    mappings: 1,
    tasks: 1,
    locals: 1,
    blocks: 1,
    durable: true,
  });
  state.extent[page] = Extent.MAPPED;
  state.block[page] = 1;
  state.owner[0] = page + 1;
  state.size[0] = 1;
  state.pte[0] = Pte.WRITE;
  commitMap(state);
  return state;
}

const line = fc.constantFrom(0 as const, 1 as const);
const anyEvent: fc.Arbitrary<Event> = fc.oneof(
  fc.nat({ max: 6 }).map((bit): Event => ({
    kind: "store_line",
    mapping: 0,
    page,
    writes: 1 << bit,
  })),
  line.map((line): Event => ({ kind: "write_back_line", task: 0, page, line })),
  line.map((line): Event => ({ kind: "evict_line", page, line })),
  fc.constant<Event>({ kind: "drain_device", page }),
  fc.constant<Event>({ kind: "flush_device", task: 0 }),
  fc.constant<Event>({ kind: "commit", task: 0 }),
);

Deno.test("power failure shows nothing that was not stored, and nothing that is older than a flush", () => {
  fc.assert(fc.property(fc.array(anyEvent), (events) => {
    const state = written();
    let safe = 0;
    for (const event of events) {
      step(state, event);
      const [visible = 0, pending = 0, media = 0] = [
        state.visible[0],
        state.pending[0],
        state.media[0],
      ];
      assertEquals(pending & ~visible, 0);
      assertEquals(media & ~pending, 0);
      if (event.kind === "flush_device") safe |= pending;
    }
    const visible = state.visible[0] ?? 0;
    const found = recovered(state, page);
    assertEquals(found & ~visible, 0);
    assertEquals(safe & ~found, 0);
    step(state, { kind: "crash" });
    assertEquals(state.visible[0], found);
  }));
});

Deno.test("a line that is evicted takes nothing of the other line with it", () => {
  const state = written();
  step(state, { kind: "store_line", mapping: 0, page, writes: 3 });
  step(state, { kind: "evict_line", page, line: 0 });
  assertEquals(state.media[0], 3 & even);
});

Deno.test("what is not committed is not found, wherever the data is", () => {
  const state = written();
  state.diskExtent[page] = Extent.HOLE;
  step(state, { kind: "store_line", mapping: 0, page, writes: 1 });
  step(state, { kind: "flush_device", task: 0 });
  assertEquals(recovered(state, page), 0);
  step(state, { kind: "commit", task: 0 });
  assertEquals(recovered(state, page), state.media[0]);
});

Deno.test("after a power failure nothing happens, and no cache, page table or lock is left", () => {
  const designs = [...durabilityDesigns, ...pinDesigns].filter(({ bounds }) => bounds.durable);
  fc.assert(fc.property(fc.constantFrom(...designs), choices, (design, choose) => {
    for (const state of walk(design, choose)) {
      const crashed = copyState(state);
      if (crashed.crashed[0] === 0) step(crashed, { kind: "crash" });
      for (const view of [crashed.slot, crashed.entry, crashed.pte, crashed.holder, crashed.hand]) {
        assert(view.every((each) => each === 0), design.id);
      }
      assertEquals(crashed.extent, crashed.diskExtent);
      for (const { program } of design.actors) {
        for (const event of program.flatMap(({ branches }) => branches.flatMap((b) => b.events))) {
          assert(!enabled(crashed, event), design.id);
        }
      }
    }
  }));
});
