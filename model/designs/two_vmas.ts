/**
 * System B: one folio of the page cache in the page tables of two processes (chapter 4).
 *
 * The world of `writeback.ts` with a second process: P and Q store once, F calls fsync twice.
 * `folio_mkclean()` walks every VMA that maps the folio, one at a time, under the folio's lock.
 *
 * @module
 */
import type { Design, Step } from "../design.ts";
import type { Event } from "../event.ts";
import { Pte, pteAccess } from "../page_table.ts";
import type { State } from "../state.ts";
import { task } from "./calls.ts";
import { fsyncPage } from "./fsync_steps.ts";
import { submitFolio } from "./page_cache_steps.ts";
import { power } from "./power_steps.ts";
import { choice, does } from "./program.ts";
import { bounds, fault, start, store } from "./writeback.ts";

const page = 0;
const on = { task: 2, page };

/** Visits one VMA; a walk that ends early goes on only where the VMA does not map the folio. */
function visit(mapping: number, endsEarly: boolean): Step {
  const protect: Event = { kind: "protect_folio", ...on, mapping };
  const isMapped = (state: State): boolean => pteAccess(state, mapping, page) !== Pte.NONE;
  return choice(
    `mkclean ${mapping}`,
    `page_mkclean_one(${page}) in mapping ${mapping}`,
    ...(endsEarly
      ? [
        { result: "done", when: isMapped, events: [protect], goto: "clear dirty" },
        { result: "not mapped", when: (state: State) => !isMapped(state) },
      ]
      : [{ events: [protect] }]),
  );
}

function world(endsEarly: boolean): Pick<Design, "system" | "bounds" | "start" | "actors"> {
  const write = [
    does("lock", `lock folio ${page}`, { kind: "lock_folio", ...on }),
    visit(0, endsEarly),
    visit(1, false),
    does("clear dirty", `folio_clear_dirty_for_io(${page})`, { kind: "clear_dirty_for_io", ...on }),
    ...submitFolio(on),
  ];
  const sync = fsyncPage(on, { mappings: [0, 1], write });
  const [ofP, ofQ] = [fault(true, 0), fault(true, 1)];
  return {
    system: "B",
    bounds: { ...bounds, mappings: 2 },
    start,
    actors: [
      task("P", 0, store(1, ofP, 0)),
      task("Q", 1, store(2, ofQ, 1)),
      task("F", 2, sync, sync),
      power(3),
    ],
  };
}

/** What the walk of `folio_mkclean()` visits. */
export const twoVmaDesigns: readonly Design[] = [
  {
    id: "WB-vmas",
    title: "mkclean visits every VMA that maps the folio",
    source: "mm/rmap.c, folio_mkclean() (6.12.117)",
    ...world(false),
    breaks: [],
  },
  {
    id: "WB-vmas-missed",
    title: "mkclean misses one of two VMAs: the walk ends at the first that maps the folio",
    source: "mutant; before 3ee6dafc677a nonlinear VMAs were missed",
    ...world(true),
    breaks: ["WB-CLEAN-1", "DUR-1", "COH-1"],
  },
];
