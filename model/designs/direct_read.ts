/**
 * System C: a direct read of a page that somebody has stored to through a mapping (spec/README.md).
 *
 * @module
 */
import type { Actor, Design } from "../design.ts";
import { Extent } from "../extent.ts";
import { Folio } from "../folio.ts";
import { page, Write, writeback } from "./direct_write_actors.ts";
import { lockFolio, mkwriteEvents, storeStep, writeBack } from "./page_cache_steps.ts";
import { does } from "./program.ts";

function directRead(writesBack: boolean): Actor {
  const task = 0;
  const on = { task, page };
  return {
    name: "D",
    task,
    environment: false,
    program: [
      does("begin", `iomap_dio_rw(read, ${page})`, { kind: "direct_begin", ...on }),
      ...(writesBack ? writeBack(on, [0]) : []),
      does("read device", `the device reads page ${page}`, { kind: "direct_read", ...on }),
      does("end", "the direct read returns", { kind: "direct_end", ...on, writes: 0 }),
    ],
  };
}

/** Stores to the page, which is cached; faults again if a writeback comes between fault and store. */
function storer(writesBack: boolean): Actor {
  const task = 1;
  const store = { kind: "store_folio", mapping: 0, page, writes: Write.STORE } as const;
  return {
    name: "M",
    task,
    environment: false,
    program: [
      does("find", `filemap_get_folio(${page})`, { kind: "find_folio", task, page }),
      lockFolio({ task, page }),
      does("mkwrite", `->page_mkwrite(${page})`, ...mkwriteEvents({ task, page }, 0)),
      writesBack
        ? storeStep(page, 0, Write.STORE, "find")
        : does("store", `store to page ${page}`, store),
    ],
  };
}

function design(id: string, title: string, writesBack: boolean): Design {
  return {
    id,
    system: "C",
    title,
    source: writesBack
      ? "filemap_write_and_wait_range before every direct read, all versions"
      : "a mutation of C1-read",
    bounds: {
      pages: 1,
      pmdPages: 1,
      mappings: 1,
      tasks: 4,
      locals: 1,
      folios: 1,
      blocks: 1,
    },
    start: (state) => {
      state.extent[page] = Extent.MAPPED;
      state.block[page] = 1;
      state.owner[0] = page + 1;
      state.media[0] = Write.OLD;
      state.size[0] = 1;
      state.slot[page] = 1;
      state.folio[0] = Folio.UPTODATE;
      state.memory[0] = Write.OLD;
      state.backing[0] = 1;
    },
    actors: [directRead(writesBack), storer(writesBack), ...(writesBack ? [writeback()] : [])],
    breaks: writesBack ? [] : ["COH-4"],
  };
}

/** Direct reads. */
export const directReadDesigns: readonly Design[] = [
  design("C1-read", "a direct read writes dirty pages back first", true),
  design("C0-read", "a direct read does not look at the page cache", false),
];
