/**
 * System F: a file grows over the rest of its last page, to which a mapping has stored (chapter 6).
 *
 * The page has two blocks and the file ends behind the first. P has mapped the page writable, and
 * stores to the second block while that is behind the end; G makes the file longer. That stores
 * fault again afterwards is the business of F2-extend.
 *
 * @module
 */
import type { Actor, Design, Step } from "../design.ts";
import { Extent } from "../extent.ts";
import { Folio } from "../folio.ts";
import { Pte } from "../page_table.ts";
import { Tag } from "../xarray.ts";
import { choice, does } from "./program.ts";

const page = 0;
const file = 0;
const stored = 2;

const program: Actor = {
  name: "P",
  task: 0,
  environment: true,
  program: [
    choice("store", "store behind the end of the file", {
      when: (state) => state.size[file] === 1,
      events: [{ kind: "store_folio", mapping: 0, page, writes: stored, part: 1 }],
    }),
  ],
};

/** @param zeroed when the bytes behind the old end become zeros: never, or at `i_size_write()` */
function growth(zeroed: "never" | "before" | "after"): Actor {
  const on = { task: 1, page } as const;
  const zero = (name: string): Step =>
    does(
      "zero",
      name,
      { kind: "find_folio", ...on },
      { kind: "lock_folio", ...on },
      { kind: "zero_tail", ...on, writes: stored },
      { kind: "unlock_folio", ...on },
      { kind: "put_folio", ...on },
    );
  return {
    name: "G",
    task: 1,
    environment: false,
    program: [
      ...(zeroed === "before" ? [zero("zero the block behind the end")] : []),
      does("extend", "ftruncate: i_size_write(2 blocks)", {
        kind: "set_size",
        task: 1,
        file,
        size: 2,
      }),
      ...(zeroed === "after" ? [zero("pagecache_isize_extended(): folio_zero_segment()")] : []),
      does("return", "ftruncate returns", { kind: "growth_end", ...on }),
    ],
  };
}

function design(
  id: string,
  title: string,
  source: string,
  zeroed: "never" | "before" | "after",
): Design {
  return {
    id,
    system: "F",
    title,
    source,
    bounds: { pages: 1, pmdPages: 1, mappings: 1, tasks: 2, locals: 1, folios: 1, blocks: 1 },
    start: (state) => {
      state.extent[page] = Extent.MAPPED;
      state.block[page] = 1;
      state.owner[0] = page + 1;
      state.slot[page] = 1;
      state.folio[0] = Folio.UPTODATE | Folio.DIRTY;
      state.tag[page] = Tag.DIRTY;
      state.backing[0] = 1;
      state.pte[0] = Pte.WRITE;
      state.pfn[0] = 1;
      state.size[file] = 1;
    },
    actors: [program, growth(zeroed)],
    breaks: zeroed === "after" ? [] : ["INV-7"],
  };
}

/** Growing a file over bytes behind its end that are not zeros. */
export const zeroTailDesigns: readonly Design[] = [
  design(
    "F5",
    "the rest of the last page is zeroed after i_size has grown over it",
    "52aecaee1c26 (v6.13)",
    "after",
  ),
  design("F5-unzeroed", "nothing is zeroed when i_size grows", "before 52aecaee1c26", "never"),
  design(
    "F5-zero-first",
    "the rest of the last page is zeroed, then i_size grows",
    "a mutation: 52aecaee1c26 the other way round",
    "before",
  ),
];
