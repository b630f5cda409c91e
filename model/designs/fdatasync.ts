/**
 * System B: what fdatasync and O_DSYNC must do for a file whose data the page cache knows nothing of
 * (chapter 2, mutation `fdatasync`, `dsyncExtend`).
 *
 * One program works on a file of one page, by hole punch or by direct writes, and asks for its work to
 * be made durable. Power fails at any time; the device and the journal do on their own what they will.
 *
 * @module
 */
import type { Actor, Design } from "../design.ts";
import { commitMap } from "../storage.ts";
import { Extent } from "../extent.ts";
import type { Bounds, State } from "../state.ts";
import { type Call, environment, task } from "./calls.ts";
import { commitOrFlush, journal, power } from "./power_steps.ts";
import { choice, does } from "./program.ts";

const page = 0;
const on = { task: 0, page };

/** Bits of the writes (`folio.ts`). */
const Write = { OLD: 1, DIRECT: 2 } as const;

const bounds: Bounds = {
  pages: 1,
  pmdPages: 1,
  mappings: 0,
  tasks: 4,
  locals: 1,
  blocks: 1,
  durable: true,
};

/** The page has a block with old data on the disk, or none of it is written yet. */
function start(extent: number, size = 1): (state: State) => void {
  return (state) => {
    state.extent[page] = extent;
    state.block[page] = extent === Extent.HOLE ? 0 : 1;
    state.owner[0] = extent === Extent.HOLE ? 0 : page + 1;
    const content = extent === Extent.MAPPED ? Write.OLD : 0;
    for (const copy of [state.media, state.pending, state.visible]) copy[0] = content;
    state.size[0] = size;
    commitMap(state);
  };
}

/** How fdatasync goes about a file without dirty pages. */
type Fdatasync = "as merged" | "returns at once" | "flushes with a commit only";

function fdatasync(kind: Fdatasync, commits: boolean): Call {
  return (first, next) => {
    const at = (place: string): string => `${first}.${place}`;
    const flush = does(at("commit"), "nothing to commit: flush the device", {
      kind: "flush_device",
      task: 0,
    });
    return [
      does(first, "fdatasync()", { kind: "fsync_begin", task: 0 }),
      choice(at("mapping"), "filemap_write_and_wait(): nothing is dirty", {}),
      ...(kind === "flushes with a commit only"
        ? [choice(at("clean"), "the transaction is committed already", {})]
        : []),
      ...(kind === "as merged" ? [commits ? commitOrFlush(0, at("commit")) : flush] : []),
      choice(at("end"), "fdatasync() = 0", {
        events: [{ kind: "fsync_end", task: 0 }],
        goto: next,
      }),
    ];
  };
}

const punch: Call = (first, next) => [choice(first, `fallocate(PUNCH_HOLE, ${page})`, {
  events: [{ kind: "remove_extent", ...on, becomes: "hole" }, { kind: "removal_end", ...on }],
  goto: next,
})];

/** Plain preallocation: an unwritten block, which the file's data may be put into without a change of the map. */
const preallocate: Call = (first, next) => [choice(first, `fallocate(${page})`, {
  events: [{ kind: "allocate", ...on, unwritten: true }],
  goto: next,
})];

/** A direct write: into written blocks, or into blocks that are unwritten until it is done. */
function directWrite(unwritten: boolean, fua = false): Call {
  return (first, next) => [
    does(first, `iomap_dio_rw(write, ${page})`, { kind: "direct_begin", ...on }),
    does(
      `${first}.submit`,
      fua ? "the device writes the page (FUA)" : "the device writes the page",
      {
        kind: "direct_write",
        ...on,
        writes: Write.DIRECT,
        ...(fua ? { fua: true as const } : {}),
      },
    ),
    ...(unwritten
      ? [does(`${first}.convert`, "->end_io: unwritten extent becomes written", {
        kind: "convert_unwritten",
        ...on,
      })]
      : []),
    choice(`${first}.end`, "the direct write returns", {
      events: [{ kind: "direct_end", ...on, writes: Write.DIRECT }],
      goto: next,
    }),
  ];
}

/**
 * `write(2)` to a DAX file, with stores that pass by the cache: like a direct write it sets no mark, and
 * what it stores waits for a fence, which is the device's flush.
 */
function daxWrite(isHole: boolean): Call {
  return (first, next) => [
    isHole
      ? does(
        first,
        `->iomap_begin(${page}, WRITE)`,
        { kind: "direct_begin", ...on },
        { kind: "allocate", ...on },
      )
      : does(first, `->iomap_begin(${page}, WRITE)`, { kind: "direct_begin", ...on }),
    does(`${first}.copy`, `dax_copy_from_iter(${page})`, {
      kind: "direct_write",
      ...on,
      writes: Write.DIRECT,
    }),
    choice(`${first}.end`, "write(2) returns", {
      events: [{ kind: "direct_end", ...on, writes: Write.DIRECT }],
      goto: next,
    }),
  ];
}

/** An O_DSYNC direct write behind the end of the file: the size is part of what must survive. */
function extendingDsync(marksDirty: boolean): Call {
  return (first, next) => [
    ...directWrite(false, !marksDirty)(first, `${first}.size`),
    does(`${first}.size`, "->end_io: i_size_write(1)", {
      kind: "set_size",
      task: 0,
      file: 0,
      size: 1,
    }),
    ...(marksDirty ? [commitOrFlush(0, `${first}.sync`)] : []),
    choice(`${first}.return`, "pwrite(O_DSYNC) returns", {
      events: [{ kind: "dsync_end", ...on, writes: Write.DIRECT }],
      goto: next,
    }),
  ];
}

function device(): Actor {
  return drainer("device", "the device empties its cache");
}

/** What passes by the CPU's cache reaches the memory some time. */
function memory(): Actor {
  return drainer("memory", "what was stored reaches the memory");
}

function drainer(name: string, step: string): Actor {
  return environment(name, 1, (first, next) => [choice(first, step, {
    when: (state) => state.pending[0] !== state.media[0],
    events: [{ kind: "drain_device", page }],
    goto: next,
  })]);
}

interface Told {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  readonly calls: readonly Call[];
  readonly start: (state: State) => void;
  readonly actors: readonly Actor[];
  readonly breaks?: readonly string[];
}

function design({ id, title, source, calls, start, actors, breaks = [] }: Told): Design {
  const program = task("P", 0, ...calls);
  return { id, system: "B", title, source, bounds, start, actors: [program, ...actors], breaks };
}

const written = start(Extent.MAPPED);
const prealloc = start(Extent.UNWRITTEN);
const merged = "ext4_sync_file, xfs_file_fsync, all versions";
const commits: readonly Actor[] = [journal(2), power(3)];
const everything: readonly Actor[] = [device(), ...commits];
const drains: readonly Actor[] = [device(), power(3)];

/** fdatasync and O_DSYNC. */
export const fdatasyncDesigns: readonly Design[] = [
  design({
    id: "B-fdatasync-punch",
    title: "fdatasync of a data-clean, metadata-dirty file: a punched hole",
    source: `seed 001; ${merged}`,
    calls: [punch, fdatasync("as merged", true)],
    start: written,
    actors: commits,
  }),
  design({
    id: "B-fdatasync-skip",
    title: "the same, but fdatasync returns at once if no page is dirty",
    source: "seed 001: mutant",
    calls: [punch, fdatasync("returns at once", true)],
    start: written,
    actors: commits,
    breaks: ["META-2"],
  }),
  design({
    id: "B-fdatasync-fallocate",
    title: "fdatasync of a data-clean, metadata-dirty file: plain preallocation",
    source: `seed 001; ${merged}`,
    calls: [preallocate, fdatasync("as merged", true)],
    start: start(Extent.HOLE),
    actors: commits,
  }),
  design({
    id: "B-fdatasync-prealloc",
    title: "fdatasync of a data-clean, metadata-dirty file: a direct write into unwritten blocks",
    source: `seed 001; ${merged}`,
    calls: [directWrite(true), fdatasync("as merged", true)],
    start: prealloc,
    actors: everything,
  }),
  design({
    id: "B-fdatasync-prealloc-skip",
    title: "the same, but fdatasync returns at once if no page is dirty",
    source: "seed 001: mutant",
    calls: [directWrite(true), fdatasync("returns at once", true)],
    start: prealloc,
    actors: everything,
    breaks: ["DUR-1", "META-2"],
  }),
  design({
    id: "B-fdatasync-overwrite",
    title:
      "fdatasync after a direct write over written blocks: nothing to commit, the device to flush",
    source: merged,
    calls: [directWrite(false), fdatasync("as merged", false)],
    start: written,
    actors: drains,
  }),
  design({
    id: "B-fdatasync-noflush",
    title: "the same, but the device is flushed only with a commit",
    source: "mutant: jbd2_trans_will_send_data_barrier ignored",
    calls: [directWrite(false), fdatasync("flushes with a commit only", false)],
    start: written,
    actors: drains,
    breaks: ["DUR-1"],
  }),
  design({
    id: "B-dax-write",
    title: "fdatasync after a write(2) to a hole of a DAX file, which marks nothing",
    source: `fs/dax.c dax_iomap_iter(); ${merged}`,
    calls: [daxWrite(true), fdatasync("as merged", true)],
    start: start(Extent.HOLE),
    actors: [memory(), ...commits],
  }),
  design({
    id: "B-dax-write-skip",
    title: "the same, but fdatasync returns at once if no entry is DIRTY",
    source: "a mutation of B-dax-write",
    calls: [daxWrite(true), fdatasync("returns at once", true)],
    start: start(Extent.HOLE),
    actors: [memory(), ...commits],
    breaks: ["DUR-1", "META-2"],
  }),
  design({
    id: "B-dax-write-noflush",
    title: "a write(2) over a block, and the device is flushed only with a commit: nobody fences",
    source: "a mutation of B-dax-write",
    calls: [daxWrite(false), fdatasync("flushes with a commit only", false)],
    start: written,
    actors: [memory(), power(3)],
    breaks: ["DUR-1"],
  }),
  design({
    id: "B-dsync-extend",
    title:
      "an O_DSYNC direct write that extends the file: IOMAP_F_DIRTY is set, the size is committed",
    source: "7684e2c4384d and its ext4 twin",
    calls: [extendingDsync(true)],
    start: start(Extent.MAPPED, 0),
    actors: everything,
  }),
  design({
    id: "B-dsync-extend-clean",
    title: "the same, but IOMAP_F_DIRTY is not set: FUA makes the data durable, nothing the size",
    source: "before 7684e2c4384d; generic/737",
    calls: [extendingDsync(false)],
    start: start(Extent.MAPPED, 0),
    actors: commits,
    breaks: ["DUR-2"],
  }),
];
