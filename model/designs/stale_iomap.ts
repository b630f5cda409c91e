/**
 * System F: write(2) with an iomap that has grown stale (chapter 6, mutation `iomapCookie`).
 *
 * The page is dirty over an unwritten extent. S looks its extent up and then writes a part of it; B
 * writes the page back, which makes the extent written, and reclaim takes the clean folio away.
 *
 * @module
 */
import type { Actor, Design } from "../design.ts";
import { Extent } from "../extent.ts";
import { Folio, isCached, rememberedExtent } from "../folio.ts";
import type { State } from "../state.ts";
import { lockFolio, notCached, uptodate, writeFolio } from "./page_cache_steps.ts";
import { choice, does } from "./program.ts";

const page = 0;

function writeSyscall(checks: boolean): Actor {
  const task = 0;
  const unchanged = (state: State): boolean =>
    rememberedExtent(state.iomap[task] ?? 0) === state.extent[page];
  return {
    name: "S",
    task,
    environment: false,
    program: [
      choice(
        "look up",
        `->iomap_begin(${page})`,
        ...(["UNWRITTEN", "MAPPED"] as const).map((extent) => ({
          result: extent,
          when: (state: State) => state.extent[page] === Extent[extent],
          events: [{ kind: "map_blocks", task, page } as const],
        })),
      ),
      choice(
        "get",
        `__filemap_get_folio(${page}, FGP_CREAT)`,
        { result: "folio", when: uptodate(page), events: [{ kind: "find_folio", task, page }] },
        {
          result: "new folio",
          when: notCached(page),
          events: [{ kind: "add_folio", task, page }],
          goto: checks ? "valid" : "fill",
        },
      ),
      lockFolio({ task, page }),
      choice("cached", "the folio is uptodate", { goto: "copy" }),
      ...(checks
        ? [choice("valid", "->iomap_valid", { when: unchanged }, {
          result: "stale",
          when: (state) => !unchanged(state),
          events: [
            { kind: "remove_folio", task, page, why: "invalidate" },
            { kind: "unlock_folio", task, page },
            { kind: "put_folio", task, page },
          ],
          goto: "look up",
        })]
        : []),
      does("fill", `__iomap_write_begin(${page})`, { kind: "write_begin", task, page }),
      does(
        "copy",
        `copy in, iomap_write_end(${page})`,
        { kind: "copy_in", task, page, writes: 2 },
        { kind: "mark_dirty", task, page },
        { kind: "unlock_folio", task, page },
        { kind: "put_folio", task, page },
      ),
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
      ...writeFolio({ task, page }, []).flatMap((step) =>
        step.label === "end writeback"
          ? [
            does("convert", "iomap ioend: unwritten extent becomes written", {
              kind: "convert_unwritten",
              task,
              page,
            }),
            step,
          ]
          : [step]
      ),
    ],
  };
}

function reclaim(): Actor {
  const task = 2;
  return {
    name: "reclaim",
    task,
    environment: true,
    program: [
      choice("evict", `shrink_folio_list(${page})`, {
        when: (state) =>
          uptodate(page)(state) && !isCached(state, page, Folio.DIRTY) &&
          !state.hand.includes(state.slot[page] ?? 0),
        events: [{ kind: "remove_folio", task, page, why: "reclaim" }],
      }),
    ],
  };
}

function design(id: string, title: string, source: string, checks: boolean): Design {
  return {
    id,
    system: "F",
    title,
    source,
    bounds: { pages: 1, pmdPages: 1, mappings: 0, tasks: 3, locals: 1, folios: 2, blocks: 1 },
    start: (state) => {
      state.extent[page] = Extent.UNWRITTEN;
      state.block[page] = 1;
      state.owner[0] = page + 1;
      state.slot[page] = 1;
      state.folio[0] = Folio.UPTODATE | Folio.DIRTY;
      state.memory[0] = 1;
      state.backing[0] = 1;
      state.tag[page] = 1;
    },
    actors: [writeSyscall(checks), writeback(), reclaim()],
    breaks: checks ? [] : ["INV-6"],
  };
}

/** Cached extents and what changes behind them. */
export const staleIomapDesigns: readonly Design[] = [
  design(
    "F2-iomap-valid",
    "the iomap is checked again under the folio lock",
    "d7b64041164c, 304a68b9c63b (v6.2)",
    true,
  ),
  design("F2-iomap-stale", "the iomap is used as it was looked up", "before d7b64041164c", false),
];
