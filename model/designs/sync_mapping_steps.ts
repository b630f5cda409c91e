/**
 * Programs that store to one DAX page whose block map may not be on the disk yet (chapter 2).
 *
 * The entry lock, the mkclean pass and the entry itself are as in systems A and D, in fewer steps:
 * what matters here is when the block map is committed and when the entry is marked DIRTY.
 *
 * @module
 */
import type { Step } from "../design.ts";
import { isUncommitted } from "../storage.ts";
import type { CacheLine } from "../events/storage.ts";
import type { Event } from "../event.ts";
import { Extent } from "../extent.ts";
import type { State } from "../state.ts";
import { mayStore } from "../tlb.ts";
import { Tag, tagOf } from "../xarray.ts";
import type { Call } from "./calls.ts";
import { commitOrFlush } from "./power_steps.ts";
import { choice, does } from "./program.ts";

/** The page that all of this is about. */
export const page = 0;

/** Who stores: to which line, through which mapping. */
export interface Storer {
  readonly task: number;
  readonly mapping: number;
  readonly line: CacheLine;
  /** Bit of its first store in the content. */
  readonly writes: number;
}

/** How a write fault marks and maps. */
export interface FaultRule {
  /** True where the mapping is MAP_SYNC: with an uncommitted block map the fault syncs first. */
  readonly sync?: boolean;
  /** False where stores through this mapping are not tracked. */
  readonly tracks?: boolean;
  /** True where the PTE is made before the block map is committed. */
  readonly mapsFirst?: boolean;
  /** True where a MAP_SYNC fault marks the inode dirty too. */
  readonly marksInode?: boolean;
  /** What the block map may have for the page; both if absent. */
  readonly finds?: "NEW" | "MAPPED";
  /** True where nobody else marks the entry DIRTY. */
  readonly alone?: boolean;
}

const isHole = (state: State): boolean => state.extent[page] === Extent.HOLE;
const isMapped = (state: State): boolean => !isHole(state);
const isDirty = (state: State): boolean => (tagOf(state, page) & Tag.DIRTY) !== 0;

/** A write fault. */
function writeFault({ task, mapping }: Storer, rule: FaultRule): Call {
  const { sync = false, tracks = true, mapsFirst = false, marksInode = false, finds } = rule;
  const insert = (dirty: boolean): Event => ({
    kind: "insert_entry",
    task,
    page,
    order: "pte",
    value: "pfn",
    dirty,
  });
  const map: Event = { kind: "map_page", task, page, mapping, order: "pte", access: "write" };
  const lock: Event = { kind: "lock_entry", task, page, order: "pte" };
  const unlock: Event = { kind: "unlock_entry", task, page };
  const tag: Event = { kind: "set_mark", task, page, mark: "DIRTY" };
  const inode: Event = { kind: "mark_inode_dirty", task, page };
  return (first, next) => {
    const at = (place: string): string => `${first}.${place}`;
    const mapNow: readonly Event[] = [
      ...(tracks ? [inode] : []),
      insert(tracks),
      map,
      unlock,
    ];
    return [
      choice(
        first,
        `->iomap_begin(${page})`,
        ...[
          {
            result: "NEW",
            when: isHole,
            events: [lock, { kind: "allocate", task, page }],
          } as const,
          { result: "MAPPED", when: isMapped, events: [lock] } as const,
        ].filter(({ result }) => finds === undefined || finds === result),
      ),
      ...(sync
        ? [
          choice(
            at("insert"),
            `dax_insert_entry(${page})`,
            {
              result: "IOMAP_F_DIRTY",
              when: isUncommitted,
              events: mapsFirst ? [insert(tracks), map, unlock] : [insert(false), unlock],
            },
            {
              result: "committed",
              when: (state: State) => !isUncommitted(state),
              events: mapNow,
              goto: next,
            },
          ),
          ...(rule.alone || !tracks ? [] : [writeBackEntry(task, at("write back"))]),
          commitOrFlush(task, at("commit"), mapsFirst ? next : undefined),
          ...(mapsFirst ? [] : [choice(at("finish"), `dax_finish_sync_fault(${page})`, {
            events: [lock, ...(tracks ? [tag] : []), ...(marksInode ? [inode] : []), map, unlock],
            goto: next,
          })]),
        ]
        : [choice(at("insert"), `dax_insert_entry(${page}), map it writable`, {
          events: mapNow,
          goto: next,
        })]),
    ];
  };
}

/** One pass of writeback over the entry, if it is DIRTY: protect, flush, clean. */
function writeBackEntry(task: number, label: string): Step {
  return choice(label, "dax_writeback_mapping_range()", {
    result: "entry",
    when: isDirty,
    events: [
      { kind: "lock_entry", task, page, order: "pte" },
      ...[0, 1].map((mapping): Event => ({ kind: "mkclean", task, page, mapping })),
      { kind: "flush", task, page },
      { kind: "clear_dirty", task, page },
      { kind: "unlock_entry", task, page },
    ],
  }, { result: "nothing DIRTY", when: (state) => !isDirty(state) });
}

/** A store to the storer's line, with the faults that it takes. */
export function storeLine(storer: Storer, rule: FaultRule, writes = storer.writes): Call {
  const { mapping, line } = storer;
  return (first, next) => [
    choice(
      first,
      `store to line ${line}`,
      {
        when: (state) => mayStore(state, mapping, page),
        events: [{ kind: "store_line", mapping, page, writes }],
        goto: next,
      },
      {
        result: "fault",
        when: (state) => !mayStore(state, mapping, page),
        goto: `${first}.fault`,
      },
    ),
    ...writeFault(storer, rule)(`${first}.fault`, first),
  ];
}

/** The program flushes what it stored, and relies on it. */
export function flushOwn({ task, line, writes }: Storer): Call {
  return (first, next) => [
    does(first, `CLWB line ${line}`, { kind: "write_back_line", task, page, line }),
    choice(`${first}.fence`, "SFENCE", {
      events: [{ kind: "fence", task, page, writes }],
      goto: next,
    }),
  ];
}

/** What an fsync can meet. */
interface FsyncWorld {
  /** True where there is nothing left to commit. */
  readonly again?: boolean;
  /** True where nobody marks the entry DIRTY. */
  readonly untracked?: boolean;
}

/** fsync of the file. */
export function fsync({ task }: Storer, { again, untracked }: FsyncWorld = {}): Call {
  return (first, next) => [
    does(first, "fsync()", { kind: "fsync_begin", task }),
    untracked
      ? choice(`${first}.write back`, "dax_writeback_mapping_range(): nothing DIRTY", {})
      : writeBackEntry(task, `${first}.write back`),
    again
      ? does(`${first}.flush`, "nothing to commit: flush the device", {
        kind: "flush_device",
        task,
      })
      : commitOrFlush(task, `${first}.commit`),
    choice(`${first}.end`, "fsync() = 0", { events: [{ kind: "fsync_end", task }], goto: next }),
  ];
}

/** syncfs: files whose inode is not dirty are passed over. */
export function syncfs(task: number): Call {
  const dirty = (state: State): boolean => state.inodeDirty[0] === 1;
  return (first, next) => [
    does(first, "syncfs()", { kind: "fsync_begin", task }),
    choice(
      `${first}.inode`,
      "sync_inodes_sb(): is the inode dirty?",
      { result: "yes", when: dirty },
      { result: "no", when: (state) => !dirty(state), goto: `${first}.commit` },
    ),
    writeBackEntry(task, `${first}.write back`),
    commitOrFlush(task, `${first}.commit`),
    choice(`${first}.end`, "syncfs() = 0", {
      events: [{ kind: "fsync_end", task, allFiles: true }],
      goto: next,
    }),
  ];
}
