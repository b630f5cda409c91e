/**
 * System F: i_size grows over a page whose blocks are smaller than it (chapter 6,
 * mutation `mkwriteOnExtend`).
 *
 * The page has two blocks and the file ends behind the first. P stores to the first, makes the file
 * longer, and stores to the second, all in one program; background writeback comes when it will.
 *
 * @module
 */
import type { Actor, Design } from "../design.ts";
import { Extent } from "../extent.ts";
import { Folio, isCached } from "../folio.ts";
import type { Event } from "../event.ts";
import { Pte, pteAccess } from "../page_table.ts";
import type { State } from "../state.ts";
import { writeFolio } from "./page_cache_steps.ts";
import { choice, does } from "./program.ts";

const page = 0;
const file = 0;
const writable = (state: State): boolean => pteAccess(state, 0, page) === Pte.WRITE;

function program(protects: boolean): Actor {
  const task = 0;
  const store = (part: number): Event => ({
    kind: "store_folio",
    mapping: 0,
    page,
    writes: 2 << part,
    part,
  });
  const fault = (name: string) => [
    does(
      `fault ${name}`,
      `lock folio ${page}`,
      { kind: "find_folio", task, page },
      { kind: "lock_folio", task, page },
    ),
    does(
      `mkwrite ${name}`,
      `->page_mkwrite(${page})`,
      { kind: "reserve_blocks", task, page },
      { kind: "mark_dirty", task, page },
      { kind: "map_folio", task, page, mapping: 0, access: "write" },
      { kind: "unlock_folio", task, page },
      { kind: "put_folio", task, page },
    ),
  ];
  const storeTo = (part: number, name: string) =>
    choice(
      `store ${name}`,
      `store to block ${part} of the page`,
      { when: writable, events: [store(part)] },
      { result: "fault", when: (state) => !writable(state), goto: `fault ${name}` },
    );
  return {
    name: "P",
    task,
    environment: false,
    program: [
      ...fault("first"),
      storeTo(0, "first"),
      does("extend", "ftruncate: i_size_write(2 blocks)", {
        kind: "set_size",
        task,
        file,
        size: 2,
      }),
      ...(protects
        ? [does("protect", `pagecache_isize_extended(${page})`, {
          kind: "protect_folio",
          task,
          page,
          mapping: 0,
        })]
        : []),
      choice("goes on", "ftruncate returns", { goto: "store second" }),
      ...fault("second"),
      storeTo(1, "second"),
    ],
  };
}

function writeback(): Actor {
  const task = 1;
  return {
    name: "B",
    task,
    environment: true,
    program: [
      choice("pick", "writeback finds the page DIRTY", {
        when: (state) => isCached(state, page, Folio.DIRTY),
        events: [{ kind: "find_folio", task, page }],
      }),
      ...writeFolio({ task, page }, [0]),
    ],
  };
}

function design(id: string, title: string, source: string, protects: boolean): Design {
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
      state.folio[0] = Folio.UPTODATE;
      state.backing[0] = 1;
      state.size[file] = 1;
    },
    actors: [program(protects), writeback()],
    breaks: protects ? [] : ["WB-MKWRITE-2"],
  };
}

/** Growing a file over a page that is mapped. */
export const extendDesigns: readonly Design[] = [
  design(
    "F2-extend",
    "the last page is write-protected when i_size grows over it",
    "90a8020278c1 (v3.18)",
    true,
  ),
  design("F2-extend-writable", "the last page stays writable", "before 90a8020278c1", false),
];
