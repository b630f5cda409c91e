/**
 * System E: DAX layouts and pins. The page is the block: freeing it under a pin gives the device the
 * block of another file (chapter 5, mutation `layoutBreak`).
 *
 * T punches the page out; G has it pinned and must fault once more before it gives the pin back; U
 * unmaps the file; O is another file that takes the freed block.
 *
 * @module
 */
import type { Actor, Design, Step } from "../design.ts";
import { isBlockPinned } from "../effects/pin.ts";
import { Extent } from "../extent.ts";
import { Pte, pteAccess } from "../page_table.ts";
import type { State } from "../state.ts";
import { environment } from "./calls.ts";
import { choice, does } from "./program.ts";
import { guard } from "./semaphore_steps.ts";

const page = 0;
const otherPage = 1;
const mapping = 0;

/** What a removal does about pins. */
type Layout = "waits" | "waits, lock in hand" | "waits if mapped" | "ignores pins";

const isMapped = (state: State): boolean => pteAccess(state, mapping, page) !== Pte.NONE;
const isBusy = (state: State): boolean => isBlockPinned(state, page);

function punch(layout: Layout): Actor {
  const number = 0;
  const lock = guard(number, "invalidate_lock", "exclusive");
  const down = lock.take[0]?.label ?? "";
  const drops = layout !== "waits, lock in hand";
  const unmap: Step = does("unmap", `unmap_mapping_pages(${page})`, {
    kind: "unmap_page",
    mapping,
    page,
  });
  const scan: Step = choice(
    "scan",
    "dax_layout_busy_page()",
    { result: "busy", when: isBusy, goto: drops ? "let go" : "sleep" },
    { result: "idle", when: (state) => !isBusy(state), goto: "free" },
  );
  return {
    name: "T",
    task: number,
    environment: false,
    program: [
      ...lock.take,
      ...(layout === "waits if mapped"
        ? [choice(
          "mapped",
          "mapping_mapped()",
          { result: "yes", when: isMapped },
          { result: "no", when: (state) => !isMapped(state), goto: "free" },
        )]
        : []),
      unmap,
      ...(layout === "ignores pins" ? [] : [scan]),
      ...(layout === "ignores pins" ? [] : [
        ...(drops
          ? [does("let go", "up_write(invalidate_lock)", {
            kind: "release",
            task: number,
            lock: "invalidate_lock",
          })]
          : []),
        does("sleep", "sleep until a page is idle", { kind: "sleep_on_pins", task: number, page }),
        choice("woken", "woken: the page is idle", {
          when: (state) => !isBusy(state),
          goto: drops ? down : "unmap",
        }),
      ]),
      does("free", `free block of page ${page}`, {
        kind: "remove_extent",
        task: number,
        page,
        becomes: "hole",
      }),
      ...lock.give,
    ],
  };
}

function pinner(): Actor {
  const number = 1;
  const on = { task: number, page };
  const lock = guard(number, "invalidate_lock", "shared", "fault");
  return {
    name: "G",
    task: number,
    environment: false,
    program: [
      choice(
        "pin",
        "gup_fast()",
        { result: "pinned", when: isMapped, events: [{ kind: "pin_block", ...on }] },
        { result: "not present: gives up", when: (state) => !isMapped(state), goto: "end" },
      ),
      ...lock.take,
      ...lock.give,
      does("dma", "the device writes to the block", {
        kind: "dma_write_block",
        ...on,
        writes: 2,
      }),
      does("unpin", "unpin_user_page()", { kind: "unpin_block", ...on }),
    ],
  };
}

function unmapper(): Actor {
  return environment("U", 2, (first, next) => [choice(first, "munmap()", {
    when: isMapped,
    events: [{ kind: "unmap_page", mapping, page }],
    goto: next,
  })]);
}

function otherFile(): Actor {
  return environment("O", 3, (first, next) => [choice(first, "another file gets the block", {
    events: [{ kind: "allocate", task: 3, page: otherPage }],
    goto: next,
  })]);
}

function design(
  id: string,
  title: string,
  source: string,
  layout: Layout,
  breaks: readonly string[],
): Design {
  return {
    id,
    system: "E",
    title,
    source,
    bounds: {
      pages: 2,
      pmdPages: 1,
      mappings: 1,
      tasks: 4,
      locals: 1,
      rwsems: 1,
      blocks: 1,
      files: 2,
    },
    start: (state) => {
      state.extent[page] = Extent.MAPPED;
      state.block[page] = 1;
      state.owner[0] = page + 1;
      state.media[0] = 1;
      state.pte[mapping] = Pte.WRITE;
    },
    actors: [punch(layout), pinner(), unmapper(), otherFile()],
    breaks,
  };
}

/** Layout breaking. */
export const daxLayoutDesigns: readonly Design[] = [
  design(
    "E5",
    "a removal waits for pins with invalidate_lock dropped",
    "69eb5fa10eb2, c63a8eae63d3 (v4.18); the scan without a shortcut is 7.2's",
    "waits",
    [],
  ),
  design(
    "E5-unmapped",
    "as E5, but pages are not looked at where no VMA maps the file",
    "v4.18 to 6.12",
    "waits if mapped",
    ["LAYOUT-1"],
  ),
  design("E5-ignored", "a removal does not look at pins", "before v4.18", "ignores pins", [
    "LAYOUT-1",
  ]),
  design(
    "E5-holding",
    "a removal waits for pins with invalidate_lock in hand",
    "mutant of E5",
    "waits, lock in hand",
    ["LAYOUT-2", "LOCK-1"],
  ),
];
