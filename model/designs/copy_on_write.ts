/**
 * System A: a page that two files share gets a block of its own, and what the shared block held is
 * copied there (FALLOC_FL_UNSHARE_RANGE on DAX, `dax_unshare_iter`; chapter 1).
 *
 * One page is enough: the world has the file that is unshared. Its new block comes with whatever its
 * last owner left in it.
 *
 * @module
 */
import { Content } from "../content.ts";
import type { Design } from "../design.ts";
import type { Event } from "../event.ts";
import { Extent } from "../extent.ts";
import { Pte } from "../page_table.ts";
import type { Bounds, State } from "../state.ts";
import { variable } from "../variable.ts";
import { Entry } from "../xarray.ts";
import { type Call, task } from "./calls.ts";
import { fsync } from "./dax_fsync.ts";
import { choice, does } from "./program.ts";
import { pteFault } from "./pte_fault.ts";
import { loadFrom, storeTo } from "./store.ts";
import { unmapEverywhere } from "./unmap.ts";

/** What unsharing does. */
interface Unsharing {
  /** What the new block gets: all of the old one, a part of it, or zeros (13dd4e04625f). */
  readonly copies: "all" | "a part" | "zeros";
  /** A hole is taken for shared, as all of the copy-on-write fork is (before 6ef6a0e821d3). */
  readonly takesHoles?: boolean;
  /** Entries and page tables keep the old block (before 50793801fc7f). */
  readonly keepsEntries?: boolean;
}

const page = 0;
/** True while the entry names the block that the page had before. */
const isStale = variable("stale");

function startShared(state: State): void {
  state.extent[page] = Extent.MAPPED;
  state.block[page] = 1;
  state.owner[0] = page + 1;
  state.media[0] = 1;
  state.content[page] = Content.DATA;
}

function startMapped(state: State): void {
  startShared(state);
  state.entry[page] = Entry.PFN;
  state.pte[page] = Pte.READ;
}

const bounds: Bounds = {
  pages: 1,
  pmdPages: 1,
  mappings: 1,
  tasks: 3,
  locals: 1,
  rwsems: 1,
  contents: true,
  blocks: 1,
  variables: [isStale.name],
};

/** `dax_file_unshare` under invalidate_lock. */
function unshare(number: number, variant: Unsharing): Call {
  const on = { task: number, page } as const;
  const { copies, takesHoles = false, keepsEntries = false } = variant;
  // The block map has the new block in the old one's place.
  const fork: readonly Event[] = [
    { kind: "remove_extent", ...on, becomes: "hole" },
    { kind: "allocate", ...on, unzeroed: true },
  ];
  const copied: readonly Event[] = copies === "all"
    ? [...fork, { kind: "direct_write", ...on, writes: 1 }]
    : copies === "zeros"
    ? [{ kind: "zero_block", ...on }]
    : fork;
  const isHole = (state: State): boolean => state.extent[page] === Extent.HOLE;
  return (first, next) => {
    const at = (place: string): string => `${first}.${place}`;
    return [
      does(
        first,
        "filemap_invalidate_lock()",
        { kind: "acquire", task: number, lock: "invalidate_lock", mode: "exclusive" },
        { kind: "call_begin", ...on },
      ),
      choice(
        at("begin"),
        "->iomap_begin(0, UNSHARE)",
        {
          result: "SHARED, of a block",
          when: (state) => !isHole(state),
          goto: keepsEntries ? at("copy") : at("unmap"),
        },
        takesHoles
          ? { result: "SHARED, of a hole", when: isHole, goto: at("copy_hole") }
          : { result: "of a hole: nothing to do", when: isHole, goto: at("unlock") },
      ),
      ...(keepsEntries ? [] : [
        ...unmapEverywhere({ bounds, label: at("unmap"), pages: [page], goto: at("drop") }),
        choice(
          at("drop"),
          "invalidate_inode_pages2_range(0)",
          {
            when: ({ entry }) => entry[page] !== Entry.NONE,
            events: [
              { kind: "lock_entry", ...on, order: "pte" },
              { kind: "remove_entry", ...on, why: "invalidate", from: page, to: page + 1 },
            ],
          },
          { result: "no entry", when: ({ entry }) => entry[page] === Entry.NONE },
        ),
      ]),
      choice(at("copy"), copies === "zeros" ? "memset(daddr, 0)" : "copy_mc_to_kernel()", {
        result: copies === "a part" ? "less than the block" : "",
        events: copied,
        then: (state) => {
          if (state.entry[page] !== Entry.NONE) isStale.set(state, 1);
        },
        goto: at("unlock"),
      }),
      ...(takesHoles
        ? [choice(at("copy_hole"), "copy_mc_to_kernel()", {
          result: "from where there is no block",
          events: fork,
          goto: at("unlock"),
        })]
        : []),
      choice(at("unlock"), "xfs_reflink_end_cow(), filemap_invalidate_unlock()", {
        events: [
          { kind: "release", task: number, lock: "invalidate_lock" },
          { kind: "call_end", ...on },
        ],
        goto: next,
      }),
    ];
  };
}

/** A process loads from the page while somebody unshares it. */
function read(variant: Unsharing, start: (state: State) => void = startShared) {
  return {
    system: "A",
    bounds,
    start,
    actors: [
      task("unshare", 0, unshare(0, variant)),
      task(
        "load",
        1,
        loadFrom(0, page, pteFault({ bounds, task: 1, mapping: 0, page, access: "read" })),
      ),
    ],
  } satisfies Pick<Design, "system" | "bounds" | "start" | "actors">;
}

/** A process that has mapped the page stores when it was unshared, and syncs. */
function write(variant: Unsharing) {
  const fault = { bounds, task: 0, mapping: 0, page, access: "write" } as const;
  const vmas = [{ mapping: 0, from: 0, to: 1 }];
  const flushes = fsync(bounds, 0, vmas);
  return {
    system: "A",
    bounds,
    start: startMapped,
    actors: [
      task(
        "unshare, store, fsync",
        0,
        unshare(0, variant),
        storeTo(0, page, pteFault(fault)),
        flushesByEntry(flushes),
      ),
    ],
  } satisfies Pick<Design, "system" | "bounds" | "start" | "actors">;
}

/** Where the entry names an old block, `dax_flush` is of that. */
function flushesByEntry(call: Call): Call {
  return (first, next) =>
    call(first, next).map((step) => {
      if (!step.name.startsWith("dax_flush")) return step;
      const [own] = step.branches;
      return choice(
        step.label,
        step.name,
        { events: own?.events ?? [], when: (state) => isStale.of(state) === 0 },
        { result: "the block of before", when: (state) => isStale.of(state) === 1 },
      );
    });
}

const unshareCode = "fs/dax.c dax_unshare_iter()";

/** The designs, by what was wrong with them. */
export const copyOnWriteDesigns: readonly Design[] = [
  {
    id: "A10",
    title: "an unshared page keeps no mapping, and its new block gets all that the old one held",
    source: `50793801fc7f, 95472274b6fe (6.12); ${unshareCode}, 7.3`,
    ...read({ copies: "all" }),
    breaks: [],
  },
  {
    id: "A10-part",
    title: "less than a block is copied: the rest is what its last owner left",
    source: "before 50793801fc7f (6.12; CVE-2024-50250)",
    ...read({ copies: "a part" }),
    breaks: ["DAX-ZERO-1"],
  },
  {
    id: "A10-zeros",
    title: "the new block is zeroed and nothing is copied",
    source: "13dd4e04625f, before 95472274b6fe (6.12)",
    ...read({ copies: "zeros" }),
    breaks: ["DAX-ZERO-2"],
  },
  {
    id: "A10-hole",
    title: "a hole is taken for shared, and copied from where there is no block",
    source: "before 6ef6a0e821d3 (6.12), without the zeroes of 13dd4e04625f",
    ...read({ copies: "all", takesHoles: true }, () => {}),
    breaks: ["DAX-HOLE-1", "DAX-ZERO-1"],
  },
  {
    id: "A10-hole-left",
    title: "a hole is no shared block: it is left as it is",
    source: "6ef6a0e821d3 (6.12)",
    ...read({ copies: "all" }, () => {}),
    breaks: [],
  },
  {
    id: "A10-mapped",
    title: "the entry and the mappings of an unshared page are kept: they name the old block",
    source: "what 50793801fc7f leaves to do: no invalidate_inode_pages2_range()",
    ...write({ copies: "all", keepsEntries: true }),
    breaks: ["DAX-CLEAN-3", "DUR-1"],
  },
  {
    id: "A10-unmapped",
    title: "the entry and the mappings of an unshared page are dropped before it is copied",
    source: `${unshareCode}, 7.3`,
    ...write({ copies: "all" }),
    breaks: [],
  },
];
