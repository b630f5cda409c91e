/**
 * The model that explorers are measured with: processes that fault and store for ever, and callers
 * that fsync for ever, on one file. `fault_fsync.pml` is the same in Promela, step for step.
 *
 * @module
 */
import type { Actor, Design, Step } from "../../model/design.ts";
import { choice, does, type Way } from "../../model/designs/program.ts";
import { Extent, readsAsHole } from "../../model/extent.ts";
import { Pte, pteAccess } from "../../model/page_table.ts";
import type { State } from "../../model/state.ts";
import { Entry, Tag } from "../../model/xarray.ts";

/** A process, in its own page table, that does whatever its page table lets it do. */
function user(task: number, mapping: number, mappings: number, pages: number): Actor {
  const idle: Way[] = [];
  const program: Step[] = [];
  for (let page = 0; page < pages; page++) {
    const on = { task, page };
    const at = (place: string) => `${place}${page}`;
    idle.push(
      {
        result: `read ${page}`,
        when: (state) => pteAccess(state, mapping, page) === Pte.NONE,
        goto: at("read"),
      },
      {
        result: `write ${page}`,
        when: (state) => pteAccess(state, mapping, page) < Pte.READ,
        goto: at("write"),
      },
      {
        result: `mkwrite ${page}`,
        when: (state) => pteAccess(state, mapping, page) === Pte.READ,
        goto: at("mkwrite"),
      },
      {
        result: `store ${page}`,
        when: (state) => state.unflushed[page] === 0,
        events: [{ kind: "store", mapping, page }],
        goto: "idle",
      },
    );
    program.push(
      does(at("read"), "lock", { kind: "lock_entry", ...on, order: "pte" }),
      choice(
        at("lookup"),
        "look up",
        { result: "HOLE", when: (state) => readsAsHole(state.extent[page] ?? 0) },
        {
          result: "MAPPED",
          when: (state) => state.extent[page] === Extent.MAPPED,
          goto: at("readblock"),
        },
      ),
      does(at("readzero"), "insert ZERO", {
        kind: "insert_entry",
        ...on,
        order: "pte",
        value: "zero",
        dirty: false,
      }),
      choice(at("mapzero"), "map the zero page", {
        events: [{ kind: "map_page", ...on, mapping, order: "pte", access: "zero" }],
        goto: at("unlock"),
      }),
      does(at("readblock"), "insert", {
        kind: "insert_entry",
        ...on,
        order: "pte",
        value: "pfn",
        dirty: false,
      }),
      choice(at("mapblock"), "map the block", {
        events: [{ kind: "map_page", ...on, mapping, order: "pte", access: "read" }],
        goto: at("unlock"),
      }),
      does(at("write"), "lock", { kind: "lock_entry", ...on, order: "pte" }),
      choice(
        at("find"),
        "look up",
        { result: "HOLE", when: (state) => readsAsHole(state.extent[page] ?? 0) },
        {
          result: "MAPPED",
          when: (state) => state.extent[page] === Extent.MAPPED,
          goto: at("unmap0."),
        },
      ),
      does(at("allocate"), "allocate", { kind: "allocate", ...on }),
    );
    for (let other = 0; other < mappings; other++) {
      program.push(choice(
        at(`unmap${other}.`),
        "unmap",
        {
          when: (state) => pteAccess(state, other, page) === Pte.ZERO,
          events: [{ kind: "unmap_page", mapping: other, page }],
        },
        { when: (state) => pteAccess(state, other, page) !== Pte.ZERO },
      ));
    }
    program.push(
      does(
        at("insert"),
        "insert",
        { kind: "insert_entry", ...on, order: "pte", value: "pfn", dirty: false },
      ),
      does(at("mark"), "DIRTY", { kind: "set_mark", ...on, mark: "DIRTY" }),
      choice(at("map"), "map", {
        events: [{ kind: "map_page", ...on, mapping, order: "pte", access: "write" }],
        goto: at("unlock"),
      }),
      does(at("mkwrite"), "lock", { kind: "lock_entry", ...on, order: "pte" }),
      choice(at("confirm"), "look up", {
        result: "MAPPED",
        when: (state) => state.extent[page] === Extent.MAPPED,
      }),
      choice(at("keep"), "look at the entry", {
        result: "block",
        when: (state) => state.entry[page] === Entry.PFN,
      }),
      does(at("dirty"), "DIRTY", { kind: "set_mark", ...on, mark: "DIRTY" }),
      does(at("upgrade"), "map", {
        kind: "map_page",
        ...on,
        mapping,
        order: "pte",
        access: "write",
      }),
      choice(at("unlock"), "unlock", { events: [{ kind: "unlock_entry", ...on }], goto: "idle" }),
    );
  }
  return {
    name: `P${mapping}`,
    task,
    environment: true,
    program: [choice("idle", "idle", ...idle), ...program],
  };
}

/** Somebody who calls fsync again and again. */
function syncer(task: number, mappings: number, pages: number): Actor {
  const program: Step[] = [does("tag", "tag", { kind: "tag_towrite", task })];
  for (let page = 0; page < pages; page++) {
    const on = { task, page };
    const next = page + 1 < pages ? `walk${page + 1}` : "tag";
    const isMarked = (state: State): boolean => ((state.tag[page] ?? 0) & Tag.TOWRITE) !== 0;
    const nothing: Way = { result: "nothing", when: (state) => !isMarked(state), goto: next };
    program.push(
      choice(`walk${page}`, "find", { result: "TOWRITE", when: isMarked }, nothing),
      choice(
        `lock${page}`,
        "lock and look again",
        {
          result: "TOWRITE",
          when: isMarked,
          events: [{ kind: "lock_entry", ...on, order: "pte" }],
        },
        nothing,
      ),
    );
    program.push(does(`towrite${page}`, "clear TOWRITE", {
      kind: "clear_mark",
      ...on,
      mark: "TOWRITE",
    }));
    for (let mapping = 0; mapping < mappings; mapping++) {
      program.push(does(`mkclean${page}.${mapping}`, "mkclean", {
        kind: "mkclean",
        ...on,
        mapping,
      }));
    }
    program.push(
      does(`flush${page}`, "flush", { kind: "flush", ...on }),
      does(`clear${page}`, "clear DIRTY", { kind: "clear_dirty", ...on }),
      choice(`unlock${page}`, "unlock", {
        events: [{ kind: "unlock_entry", ...on }],
        goto: next,
      }),
    );
  }
  return { name: `F${task}`, task, environment: true, program };
}

/** `users` processes and `syncers` callers of fsync on a file of `pages` pages. */
export function faultFsync(users: number, syncers: number, pages: number): Design {
  const mappings = users;
  return {
    id: `bench ${users} ${syncers} ${pages}`,
    system: "D",
    title: `${users} processes, ${syncers} fsyncs, ${pages} pages`,
    source: "for measuring only",
    bounds: { pages, pmdPages: 1, mappings, tasks: users + syncers, locals: 1 },
    actors: [
      ...Array.from({ length: users }, (_, u) => user(u, u, mappings, pages)),
      ...Array.from({ length: syncers }, (_, s) => syncer(users + s, mappings, pages)),
    ],
    breaks: [],
    exempt: { "DAX-HOLE-2": "look-ups are not told to it: Promela has no ghost for them" },
  };
}
