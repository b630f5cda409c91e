/**
 * System E: DAX layouts and pins. The page is the block: freeing it under a pin gives the device the
 * block of another file (chapter 5, mutation `layoutBreak`).
 *
 * T punches the page out; G pins it, must fault once more before it gives the pin back, and then pins
 * what it finds mapped a second time; U unmaps the file; O is another file that takes the freed block.
 *
 * @module
 */
import type { Actor, Design, Step } from "../design.ts";
import { isBlockPinned } from "../effects/pin.ts";
import { Extent } from "../extent.ts";
import { Pte, pteAccess } from "../page_table.ts";
import type { State } from "../state.ts";
import { Entry, Tag } from "../xarray.ts";
import { environment } from "./calls.ts";
import { choice, does } from "./program.ts";
import { guard } from "./semaphore_steps.ts";

const page = 0;
const otherPage = 1;
const mapping = 0;

/** What a removal does about pins. */
type Layout = "waits" | "waits, lock in hand" | "waits if mapped" | "ignores pins";

const isPresent = (state: State): boolean => pteAccess(state, mapping, page) !== Pte.NONE;
/** What `mapping_mapped` asks: a VMA that has been emptied of PTEs counts. */
const hasVma = (state: State): boolean => state.vma[mapping] === 1;
const canFault = (state: State): boolean => hasVma(state) && state.extent[page] === Extent.MAPPED;
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
          { result: "yes", when: hasVma },
          { result: "no", when: (state) => !hasVma(state), goto: "free" },
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
      does(
        "free",
        `free block of page ${page}`,
        { kind: "call_begin", task: number, page },
        { kind: "remove_entry", task: number, page, why: "punch", from: page, to: page + 1 },
        { kind: "remove_extent", task: number, page, becomes: "hole" },
        { kind: "call_end", task: number, page },
      ),
      does(
        "return",
        "up_write(invalidate_lock), return",
        { kind: "release", task: number, lock: "invalidate_lock" },
        { kind: "removal_end", task: number, page },
      ),
    ],
  };
}

/** A pin for a device, for as long as `meanwhile` takes; no pin where no page is mapped. */
function pinned(task: number, first: string, meanwhile: readonly Step[]): readonly Step[] {
  const on = { task, page };
  return [
    choice(
      first,
      "gup_fast()",
      { result: "pinned", when: isPresent, events: [{ kind: "pin_block", ...on }] },
      { result: "not present: gives up", when: (state) => !isPresent(state), goto: "end" },
    ),
    ...meanwhile,
    does(`${first} dma`, "the device writes to the block", {
      kind: "dma_write_block",
      ...on,
      writes: 2,
    }),
    does(`${first} put`, "unpin_user_page()", { kind: "unpin_block", ...on }),
  ];
}

/** @param missing false in a world in which neither VMA nor block can go while the page is pinned */
function pinner(missing: boolean): Actor {
  const number = 1;
  const lock = guard(number, "invalidate_lock", "shared", "fault");
  const fault = choice(
    "fault",
    `dax_iomap_fault(${page})`,
    {
      result: "mapped",
      when: canFault,
      events: [
        { kind: "call_begin", task: number, page },
        { kind: "map_page", task: number, page, mapping, order: "pte", access: "write" },
        { kind: "call_end", task: number, page },
      ],
    },
    ...(missing
      ? [{ result: "no VMA, or no block", when: (state: State) => !canFault(state) }]
      : []),
  );
  return {
    name: "G",
    task: number,
    environment: false,
    program: [
      ...pinned(number, "pin", [...lock.take, fault, ...lock.give]),
      ...pinned(number, "pin again", []),
    ],
  };
}

function unmapper(): Actor {
  return environment("U", 2, (first, next) => [choice(first, "munmap()", {
    events: [{ kind: "unmap_page", mapping, page }],
    then: (state) => {
      state.vma[mapping] = 0;
    },
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
      vmas: true,
    },
    start: (state) => {
      state.extent[page] = Extent.MAPPED;
      state.block[page] = 1;
      state.owner[0] = page + 1;
      state.media[0] = 1;
      state.entry[page] = Entry.PFN;
      state.tag[page] = Tag.DIRTY;
      state.pte[mapping] = Pte.WRITE;
      state.vma[mapping] = 1;
    },
    // Who waits for ever does so whether or not there is an munmap, which makes the race longer.
    actors: layout === "waits, lock in hand"
      ? [punch(layout), pinner(false), otherFile()]
      : [punch(layout), pinner(true), unmapper(), otherFile()],
    breaks,
  };
}

/** Layout breaking. */
export const daxLayoutDesigns: readonly Design[] = [
  design(
    "E5",
    "a removal waits for pins with invalidate_lock dropped",
    "d6dc57e251a4, 5fac7408d828 (v4.18); the scan without a shortcut is cee91fa13a8e (v6.15)",
    "waits",
    [],
  ),
  design(
    "E5-unmapped",
    "as E5, but pages are not looked at where no VMA maps the file",
    "v4.18 to v6.14 (cee91fa13a8e)",
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
