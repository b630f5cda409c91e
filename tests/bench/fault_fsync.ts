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
        when: (state) => pteAccess(state, mapping, page) < Pte.WRITE,
        goto: at("write"),
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
      choice(at("readzero"), "insert ZERO, map", {
        events: [
          { kind: "insert_entry", ...on, order: "pte", value: "zero", dirty: false },
          { kind: "map_page", ...on, mapping, order: "pte", access: "zero" },
        ],
        goto: at("unlock"),
      }),
      choice(at("readblock"), "insert, map", {
        events: [
          { kind: "insert_entry", ...on, order: "pte", value: "pfn", dirty: false },
          { kind: "map_page", ...on, mapping, order: "pte", access: "read" },
        ],
        goto: at("unlock"),
      }),
      does(at("write"), "lock", { kind: "lock_entry", ...on, order: "pte" }),
      does(at("allocate"), "allocate", { kind: "allocate", ...on }),
    );
    for (let other = 0; other < mappings; other++) {
      program.push(choice(
        at(`unmap${other}.`),
        "unmap",
        {
          when: (state) => state.entry[page] === Entry.ZERO,
          events: [{ kind: "unmap_page", mapping: other, page }],
        },
        { when: (state) => state.entry[page] !== Entry.ZERO, goto: at("insert") },
      ));
    }
    program.push(
      does(
        at("insert"),
        "insert, DIRTY",
        { kind: "insert_entry", ...on, order: "pte", value: "pfn", dirty: true },
      ),
      does(at("map"), "map", { kind: "map_page", ...on, mapping, order: "pte", access: "write" }),
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
    const next = page + 1 < pages ? `walk${page + 1}` : "end of walk";
    program.push(choice(
      `walk${page}`,
      "lock",
      {
        result: "TOWRITE",
        when: (state) => ((state.tag[page] ?? 0) & Tag.TOWRITE) !== 0,
        events: [
          { kind: "lock_entry", ...on, order: "pte" },
          { kind: "clear_mark", ...on, mark: "TOWRITE" },
        ],
      },
      {
        result: "nothing",
        when: (state) => ((state.tag[page] ?? 0) & Tag.TOWRITE) === 0,
        goto: next,
      },
    ));
    for (let mapping = 0; mapping < mappings; mapping++) {
      program.push(does(`mkclean${page}.${mapping}`, "mkclean", {
        kind: "mkclean",
        ...on,
        mapping,
      }));
    }
    program.push(
      does(`flush${page}`, "flush", { kind: "flush", ...on }),
      does(`clear${page}`, "clear DIRTY", { kind: "clear_dirty", ...on }, {
        kind: "unlock_entry",
        ...on,
      }),
    );
  }
  program.push(choice("end of walk", "return", { goto: "tag" }));
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
  };
}
