/**
 * System E: GUP for writing in a mapping that may only be read (RO-1).
 *
 * @module
 */
import type { Actor, Design } from "../design.ts";
import { Folio } from "../folio.ts";
import { Pte, pteAccess } from "../page_table.ts";
import { Tag } from "../xarray.ts";
import { task } from "./calls.ts";
import { choice } from "./program.ts";

const page = 0;
const mapping = 0;

function pinner(looksAtWrite: boolean): Actor {
  const on = { task: 0, page, mapping };
  return task("G", 0, (first, next) => [
    looksAtWrite
      ? choice(first, "gup_fast(WRITE): the PTE is read-only", {
        when: (state) => pteAccess(state, mapping, page) === Pte.READ,
      })
      : choice(first, "gup_fast(WRITE): the PTE is present", {
        events: [{ kind: "pin", ...on }],
        goto: `${first}.dma`,
      }),
    ...(looksAtWrite
      ? [choice(`${first}.slow`, "gup_slow(WRITE): the VMA is read-only: EFAULT", {
        events: [{ kind: "refuse_pin", ...on }],
        goto: next,
      })]
      : [choice(`${first}.dma`, "the device writes to the page", {
        events: [
          { kind: "dma_write", task: 0, page, writes: 1 },
          { kind: "mark_pinned_dirty", task: 0, page },
          { kind: "unpin", task: 0, page },
        ],
        goto: next,
      })]),
  ]);
}

function design(id: string, title: string, source: string, looks: boolean): Design {
  return {
    id,
    system: "E",
    title,
    source,
    bounds: { pages: 1, pmdPages: 1, mappings: 1, tasks: 1, locals: 1, folios: 1, blocks: 1 },
    start: (state) => {
      state.slot[page] = 1;
      state.folio[0] = Folio.UPTODATE | Folio.DIRTY;
      state.tag[page] = Tag.DIRTY;
      state.pte[mapping] = Pte.READ;
      state.pfn[mapping] = 1;
    },
    actors: [pinner(looks)],
    breaks: looks ? [] : ["RO-1"],
  };
}

/** Pins and permissions. */
export const readOnlyPinDesigns: readonly Design[] = [
  design("E9", "GUP looks at the write bit of the PTE, and at the VMA", "all versions since", true),
  design(
    "E9-blind",
    "GUP ignores the write bit of the PTE",
    "before ef947b2529f9; generic/462",
    false,
  ),
];
