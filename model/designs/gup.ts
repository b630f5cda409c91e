/**
 * System E: a device writes into a pinned page of a file mapping while the file is written back
 * (chapter 5, mutation `stableWait`, `gupStable`, `gupDirtyOnRelease`, `gupLongterm`).
 *
 * The page is dirty and mapped writable. G pins it through the mapping, a device writes to it, G gives
 * the pin back. F calls fsync. P stores through the mapping. The device on which the file lies needs
 * stable pages. Power fails at any time.
 *
 * @module
 */
import type { Actor, Design, Step } from "../design.ts";
import { commitMap, noteWrite } from "../storage.ts";
import { isPinned } from "../effects/pin.ts";
import type { Event } from "../event.ts";
import { Extent } from "../extent.ts";
import { Folio, folioInHand, isCached } from "../folio.ts";
import { Pte, pteAccess } from "../page_table.ts";
import type { Bounds, State } from "../state.ts";
import { Tag } from "../xarray.ts";
import { type Call, environment, task } from "./calls.ts";
import { fsyncPage } from "./fsync_steps.ts";
import { lockFolio, mkwriteEvents, storeStep, writeFolio } from "./page_cache_steps.ts";
import { power } from "./power_steps.ts";
import { choice, does } from "./program.ts";

const page = 0;
const mapping = 0;

/** Bits of the writes (`folio.ts`). */
const Write = { STORE: 1, DMA: 2, SECOND_STORE: 4 } as const;

const bounds: Bounds = {
  pages: 1,
  pmdPages: 1,
  mappings: 1,
  tasks: 5,
  locals: 1,
  folios: 1,
  blocks: 1,
  durable: true,
  stableWrites: true,
};

function start(state: State): void {
  state.extent[page] = Extent.MAPPED;
  state.block[page] = 1;
  state.owner[0] = page + 1;
  state.size[0] = 1;
  state.slot[page] = 1;
  state.folio[0] = Folio.UPTODATE | Folio.DIRTY;
  state.memory[0] = Write.STORE;
  state.backing[0] = 1;
  state.tag[page] = Tag.DIRTY;
  state.pte[mapping] = Pte.WRITE;
  state.pfn[mapping] = 1;
  noteWrite(state, page, Write.STORE);
  commitMap(state);
}

const writable = (state: State): boolean => pteAccess(state, mapping, page) === Pte.WRITE;
const underWriteback = (state: State): boolean => isCached(state, page, Folio.WRITEBACK);

/** A write fault; where pages must be stable it waits for writeback, folio lock in hand. */
function writeFault(
  number: number,
  waits: boolean,
  at: (place: string) => string,
): readonly Step[] {
  const on = { task: number, page };
  return [
    does(at("find"), `filemap_get_folio(${page})`, { kind: "find_folio", ...on }),
    { ...lockFolio(on), label: at("lock") },
    ...(waits
      ? [choice(at("stable"), `folio_wait_stable(${page})`, {
        when: (state) => !underWriteback(state),
      })]
      : []),
    does(at("mkwrite"), `->page_mkwrite(${page})`, ...mkwriteEvents(on, mapping)),
  ];
}

/** How a pin is got and given back. */
interface Pinning {
  readonly waits?: boolean;
  readonly longterm?: boolean;
  /** True if GUP refuses long-term pins. */
  readonly refuses?: boolean;
  /** True if GUP faults on pages under writeback even where the PTE is writable. */
  readonly avoidsWriteback?: boolean;
  /** False if the page is not marked dirty when the pin is given back. */
  readonly dirties?: boolean;
}

function pinner(
  { waits = true, longterm, refuses, avoidsWriteback, dirties = true }: Pinning,
): Actor {
  const on = { task: 0, page };
  const long = longterm ? { longterm: true as const } : {};
  const get: Event = refuses
    ? { kind: "refuse_pin", ...on, mapping, ...long }
    : { kind: "pin", ...on, mapping, ...long };
  const good = (state: State): boolean =>
    writable(state) && !(avoidsWriteback === true && underWriteback(state));
  if (refuses) {
    return task("G", 0, (first, next) => [choice(first, "pin_user_pages(LONGTERM)", {
      events: [get],
      goto: next,
    })]);
  }
  const unlocked = (state: State): boolean => state.locked[(state.pinned[0] ?? 0) - 1] === 0;
  const pin: Call = (first, next) => [
    choice(
      first,
      "gup_fast()",
      { result: "pinned", when: good, events: [get], goto: next },
      { result: "fault", when: (state) => !good(state) },
    ),
    ...writeFault(0, waits, (place) => `${first}.${place}`),
    choice(`${first}.again`, "the fault is done", { goto: first }),
  ];
  const dma: Call = (first, next) => [choice(first, "the device writes to the page", {
    events: [{ kind: "dma_write", ...on, writes: Write.DMA }],
    goto: next,
  })];
  const release: Call = (first, next) => [
    ...(dirties
      ? [choice(first, "set_page_dirty_lock()", {
        when: unlocked,
        events: [{ kind: "mark_pinned_dirty", ...on }],
      })]
      : []),
    choice(dirties ? `${first}.put` : first, "put_user_page()", {
      events: [{ kind: "unpin", ...on }],
      goto: next,
    }),
  ];
  return task("G", 0, pin, dma, release);
}

/** How writeback treats a pinned folio. */
type Bounce = "never" | "pinned" | "pinned, stays dirty";

/** writeFolio, with a second way for pinned folios. */
function writeback(number: number, bounce: Bounce): readonly Step[] {
  const on = { task: number, page };
  const [clear, start, submit, end] = writeFolio(on, [mapping]);
  if (clear === undefined || start === undefined || submit === undefined || end === undefined) {
    throw new RangeError("writeFolio has four steps");
  }
  if (bounce === "never") return [clear, start, submit, end];
  const pinned = (state: State): boolean => isPinned(state, folioInHand(state, number));
  const begin: readonly Event[] = [
    { kind: "start_writeback", ...on },
    { kind: "unlock_folio", ...on },
  ];
  const again: readonly Event[] = bounce === "pinned" ? [] : [{ kind: "mark_dirty", ...on }];
  return [
    clear,
    choice(
      start.label,
      start.name,
      { when: (state) => !pinned(state), events: begin, goto: submit.label },
      { result: "pinned: copy it", when: pinned, events: [...again, ...begin] },
    ),
    choice("submit copy", `the device reads a copy of folio ${page}`, {
      events: [{ kind: "write_folio", ...on, bounced: true }],
      goto: end.label,
    }),
    submit,
    end,
  ];
}

function syncer(bounce: Bounce, count = 1): Actor {
  const fsync = fsyncPage({ task: 1, page }, { mappings: [mapping], write: writeback(1, bounce) });
  return task("F", 1, ...Array.from({ length: count }, () => fsync));
}

function storer(waits: boolean): Actor {
  return task("P", 2, (first, next) => {
    const at = (place: string): string => `${first}.${place}`;
    return [
      { ...storeStep(page, mapping, Write.SECOND_STORE, at("find")), label: first },
      choice(at("stored"), "the store is done", { goto: next }),
      ...writeFault(2, waits, at),
      choice(at("again"), "the fault is done", { goto: first }),
    ];
  });
}

/** Reclaim takes a clean page. */
function reclaim(looksAtPins: boolean): Actor {
  return environment("reclaim", 3, (first, next) => [choice(first, `shrink_folio_list(${page})`, {
    when: (state) =>
      isCached(state, page, Folio.UPTODATE) && !isCached(state, page, Folio.DIRTY) &&
      !state.hand.includes(state.slot[page] ?? 0) &&
      !(looksAtPins && isPinned(state, (state.slot[page] ?? 0) - 1)),
    events: [{ kind: "remove_folio", task: 3, page, why: "reclaim" }],
    goto: next,
  })]);
}

/** Reclaim as it was: the folio is written out, and the file system forgets it; the memory stays. */
function stripper(): Actor {
  const on = { task: 3, page } as const;
  return environment("reclaim", 3, (first, next) => [
    choice(first, `shrink_folio_list(${page}): pageout()`, {
      when: (state) => isCached(state, page, Folio.DIRTY) && state.locked[0] === 0,
      events: [{ kind: "find_folio", ...on }],
    }),
    ...writeFolio(on, [mapping]).map((step) => ({
      ...step,
      label: `${first}.${step.label}`,
    })),
    choice(`${first}.release`, "filemap_release_folio(): the reference stays", { goto: next }),
  ]);
}

/** Pins once, without a fault: for a world in which the page may be gone at any time. */
function oncePinner(): Actor {
  const on = { task: 0, page };
  return task("G", 0, (first, next) => [
    choice(
      first,
      "gup_fast()",
      { result: "pinned", when: writable, events: [{ kind: "pin", ...on, mapping }] },
      { result: "gives up", when: (state) => !writable(state), goto: next },
    ),
    does(`${first}.dma`, "the device writes to the page", {
      kind: "dma_write",
      ...on,
      writes: Write.DMA,
    }),
    choice(`${first}.put`, "set_page_dirty_lock(), put_user_page()", {
      when: (state) => state.locked[(state.pinned[0] ?? 0) - 1] === 0,
      events: [{ kind: "mark_pinned_dirty", ...on }, { kind: "unpin", ...on }],
      goto: next,
    }),
  ]);
}

interface Told {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  readonly actors: readonly Actor[];
  readonly breaks?: readonly string[];
}

function design({ id, title, source, actors, breaks = [] }: Told): Design {
  return { id, system: "E", title, source, bounds, start, actors: [...actors, power(4)], breaks };
}

/** GUP and writeback. */
export const gupDesigns: readonly Design[] = [
  design({
    id: "E0",
    title: "a reference, a write by the device, set_page_dirty_lock and put_page",
    source: "seed 004; GUP as it was, and short pins to this day",
    actors: [pinner({}), syncer("never", 2)],
    breaks: ["STABLE-1", "PIN-3"],
  }),
  design({
    id: "E0-no-dirty",
    title: "as E0, but the page is not marked dirty when the pin is given back",
    source: "mutant of E0; bio_check_pages_dirty left out",
    actors: [pinner({ dirties: false }), syncer("never", 2)],
    breaks: ["STABLE-1", "PIN-2", "DUR-1", "COH-1"],
  }),
  design({
    id: "E2",
    title: "writeback copies pinned folios and writes the copy",
    source: "seed 004; not merged",
    actors: [pinner({}), syncer("pinned", 2)],
    breaks: ["PIN-3"],
  }),
  design({
    id: "E2-stays-dirty",
    title: "as E2, and a pinned folio stays dirty",
    source: "pin-aware writeback; not merged",
    actors: [pinner({}), syncer("pinned, stays dirty", 2)],
  }),
  design({
    id: "E3",
    title: "GUP faults on folios under writeback in place of pinning them",
    source: "seed 004; not merged in this form",
    actors: [pinner({ avoidsWriteback: true }), syncer("never", 2)],
    breaks: ["STABLE-1", "PIN-3"],
  }),
  design({
    id: "E4",
    title: "GUP refuses long-term pins of shared file mappings",
    source: "a6e79df92e4a (v6.5)",
    actors: [pinner({ longterm: true, refuses: true }), syncer("never")],
  }),
  design({
    id: "E4-allowed",
    title: "GUP gives long-term pins of shared file mappings",
    source: "up to v6.4",
    actors: [pinner({ longterm: true }), syncer("never", 2)],
    breaks: ["STABLE-1", "PIN-3", "PIN-5"],
  }),
  design({
    id: "E4-all",
    title: "GUP refuses every pin of a shared file mapping, short ones too",
    source: "seed 004: direct I/O on a mapped file makes no sense, do not allow this; not merged",
    actors: [pinner({ refuses: true }), syncer("never")],
  }),
  design({
    id: "E6",
    title: "reclaim leaves pinned folios alone",
    source: "d824ec2a1546 (v6.4 and stable)",
    actors: [oncePinner(), syncer("pinned, stays dirty"), reclaim(true)],
  }),
  design({
    id: "E6-blind",
    title: "reclaim looks at the map count alone",
    source: "mutant of E6; no kernel did it: whoever pins a page holds a reference",
    actors: [oncePinner(), syncer("pinned"), reclaim(false)],
    breaks: ["PIN-1", "PIN-3"],
  }),
  design({
    id: "E6-private",
    title: "reclaim writes a pinned folio out and asks the file system to release its private data",
    source: "before d824ec2a1546 (6.4 and stable)",
    actors: [oncePinner(), stripper()],
    breaks: ["STABLE-1", "PIN-3"],
  }),
  design({
    id: "E7",
    title: "a write fault waits for writeback where the device needs stable pages",
    source: "1d1d1a767206 (v3.9); by mapping since v6.7",
    actors: [storer(true), syncer("never")],
  }),
  design({
    id: "E7-superblock",
    title: "the need is looked up at the superblock, and the file is on another device: no wait",
    source: "XFS realtime device before AS_STABLE_WRITES (v6.7)",
    actors: [storer(false), syncer("never")],
    breaks: ["STABLE-1", "STABLE-2"],
  }),
];
