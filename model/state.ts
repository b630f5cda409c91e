/**
 * The world of one file: flat, typed, copyable in one go.
 *
 * A state is one byte buffer; every name below is a view on a part of it, so that code reads like
 * structs (`state.entry[page]`) while copying is one `set`, and equality and hashing are over bytes.
 * What a field means is said once, here; which values it takes is said beside its constants
 * (`xarray.ts`, `page_table.ts`, `extent.ts`).
 *
 * @module
 */

/** How large a world is. Small numbers suffice: the logic never depends on 512. */
export interface Bounds {
  /** Pages of the file, from page offset 0. */
  readonly pages: number;
  /** Pages that one PMD covers: 512 on x86-64, scaled down here. Divides `pages`. */
  readonly pmdPages: number;
  /** VMAs that map the file shared, each in a page table of its own. */
  readonly mappings: number;
  /** Tasks that may hold a lock or be inside a call. */
  readonly tasks: number;
  /** Steps counters and locals that a design keeps per task; 0 where nobody executes. */
  readonly locals: number;
  /** How many of `rwsems` the world has, from the first; none if absent. */
  readonly rwsems?: number;
  /** Mappings from this number on are private (MAP_PRIVATE); none if absent. */
  readonly privateFrom?: number;
  /** True where tasks sleep on wait queues of entries, rather than just not run. */
  readonly waitQueues?: boolean;
  /** True where CPUs keep translations, one CPU a mapping. */
  readonly tlbs?: boolean;
  /** True where what a block held before its allocation matters. */
  readonly contents?: boolean;
  /** Folios that the page cache may have, those in somebody's hand included; none if absent. */
  readonly folios?: number;
  /** Blocks of the disk; absent where only the extent matters. */
  readonly blocks?: number;
  /** Files, one behind the other and equally long, in place of one. Divides `pages`. */
  readonly files?: number;
  /** Locks with modes (`mode_lock.ts`); none if absent. */
  readonly locks?: number;
  /** True where power can fail: memory, device and journal are told apart (`storage.ts`). */
  readonly durable?: boolean;
  /** Mappings below this number were made with MAP_SYNC; none if absent. */
  readonly syncBelow?: number;
  /** True where what goes to the device must not change while it is under writeback. */
  readonly stableWrites?: boolean;
  /** True where a page has two blocks, each of which is dirty by itself. */
  readonly subpage?: boolean;
  /** True where munmap is told from unmapping pages: a VMA outlives its PTEs. */
  readonly vmas?: boolean;
  /** Names of variables of the design's own, a byte each (`variable.ts`); none if absent. */
  readonly variables?: readonly string[];
}

/** Byte counts of each view, as a function of the bounds. The order is the order in the buffer. */
export const viewLengths = {
  /** In-core block map: `Extent`. */
  extent: (b: Bounds): number => b.pages,
  /** XArray slot: `Entry`; a PMD entry stands in every slot that it covers. */
  entry: (b: Bounds): number => b.pages,
  /** XArray marks: `Tag` bits, at the entry's head index. */
  tag: (b: Bounds): number => b.pages,
  /** Task + 1 that holds the entry lock, at the entry's head index; 0 if unlocked. */
  holder: (b: Bounds): number => b.pages,
  /** Page table entries: `Pte`, at `mapping * pages + page`. */
  pte: (b: Bounds): number => b.mappings * b.pages,
  /** Ghost: 1 if a store to the page may still sit in a CPU cache only. */
  unflushed: (b: Bounds): number => b.pages,
  /** Ghost: faults, writes and removals that are inside their call for this page. */
  inflight: (b: Bounds): number => b.pages,
  /** Ghost: how far the writeback pass over the entry has come: `Pass` bits, at its head index. */
  pass: (b: Bounds): number => b.pages,
  /** Ghost: what the task's last ->iomap_begin said, and whether under the entry lock: `Saw` bits. */
  saw: (b: Bounds): number => b.tasks,
  /** Ghost: what a sync call in flight owes: `Owed` bits, at `task * pages + page`. */
  owed: (b: Bounds): number => b.tasks * b.pages,
  /** Where each actor stands in its program, and its local variables. Empty outside exploration. */
  local: (b: Bounds): number => b.tasks * b.locals,
  /** Reader-writer semaphores of the file: readers, or `Held.EXCLUSIVE` and the writer (`rwsem.ts`). */
  rwsem: (b: Bounds): number => b.rwsems ?? 0,
  /** Locks with modes: how each task holds each lock, at `lock * tasks + task` (`mode_lock.ts`). */
  lock: (b: Bounds): number => (b.locks ?? 0) * b.tasks,
  /** XArray slot of the page cache: number of the folio + 1, or 0. */
  slot: (b: Bounds): number => withFolios(b, b.pages),
  /** Flags of each folio: `Folio` bits. */
  folio: (b: Bounds): number => withFolios(b, b.folios),
  /** Task + 1 that holds PG_locked; 0 if unlocked. */
  locked: (b: Bounds): number => withFolios(b, b.folios),
  /** Which writes are in the folio's memory (`folio.ts`). */
  memory: (b: Bounds): number => withFolios(b, b.folios),
  /** Ghost: which writes were in it when its writeback began. */
  settled: (b: Bounds): number => withFolios(b, b.folios),
  /** Block + 1 that the folio's buffers name; 0 before they have been mapped. */
  backing: (b: Bounds): number => withFolios(b, b.folios),
  /** Folio + 1 that a PTE maps, beside `pte`. */
  pfn: (b: Bounds): number => withFolios(b, b.mappings * b.pages),
  /** Folio + 1 that the task has found or added. */
  hand: (b: Bounds): number => withFolios(b, b.tasks),
  /** Folio + 1 that the task has pinned. */
  pinned: (b: Bounds): number => withFolios(b, b.tasks),
  /** Ghost: what a device wrote through the task's pin, not yet handed over. */
  written: (b: Bounds): number => withFolios(b, b.tasks),
  /** Ghost: whether a device's write to the folio has been told (`effects/pin.ts`). */
  dma: (b: Bounds): number => withFolios(b, b.folios),
  /** DAX: block + 1 that the task has pinned, or `wasPinned` (`effects/pin.ts`). */
  pinnedBlock: (b: Bounds): number => withBlocks(b, b.tasks),
  /** Block + 1 that the block map has for the page, beside `extent`. */
  block: (b: Bounds): number => withBlocks(b, b.pages),
  /** Page + 1 that owns the block; 0 if it is free. */
  owner: (b: Bounds): number => withBlocks(b, b.blocks),
  /** Which writes are on the disk (`folio.ts`). */
  media: (b: Bounds): number => withBlocks(b, b.blocks),
  /** What the task remembers of the block map (`folio.ts`). */
  iomap: (b: Bounds): number => withBlocks(b, b.tasks),
  /** Blocks of the page, as bits, that mkwrite has reserved, where blocks are smaller than pages. */
  reserved: (b: Bounds): number => withBlocks(b, b.pages),
  /** `i_size` of each file, in pages; in blocks where they are smaller. */
  size: (b: Bounds): number => withBlocks(b, b.files ?? 1),
  /** 1 if the file has an error that no fsync has reported yet. */
  wbErr: (b: Bounds): number => withBlocks(b, b.files ?? 1),
  /** Ghost: whether the page was removed (`effects/blocks.ts`). */
  removed: (b: Bounds): number => withBlocks(b, b.pages),
  /** Ghost: the task's direct I/O in flight (`effects/direct_io.ts`). */
  direct: (b: Bounds): number => withBlocks(b, b.tasks),
  /** Ghost: which writes were in the page when the task's direct I/O began. */
  expected: (b: Bounds): number => withBlocks(b, b.tasks),
  /** Ghost: which stores went to the page behind the end of its file. */
  behind: (b: Bounds): number => withBlocks(b, b.pages),
  /** Ghost: direct writes to the page that have returned. */
  returned: (b: Bounds): number => withBlocks(b, b.pages),
  /** What CPUs and reads see of each block (`storage.ts`). */
  visible: (b: Bounds): number => withPower(b, b.blocks),
  /** What the device has of it; `media` is what survives. */
  pending: (b: Bounds): number => withPower(b, b.blocks),
  /** The block map and the sizes as the journal would bring them back. */
  diskExtent: (b: Bounds): number => withPower(b, b.pages),
  diskBlock: (b: Bounds): number => withPower(b, b.pages),
  diskSize: (b: Bounds): number => withPower(b, b.files ?? 1),
  /** Numbers of the last change of the block map: in core, committed, promised (`Journal`). */
  journal: (b: Bounds): number => withPower(b, 3),
  /** 1 if syncfs looks at the file. */
  inodeDirty: (b: Bounds): number => withPower(b, b.files ?? 1),
  /** 1 if the file's block map must not change. */
  frozen: (b: Bounds): number => withPower(b, b.files ?? 1),
  /** 1 if the mapping has AS_EIO set, by which kernels before v4.13 knew of errors. */
  eio: (b: Bounds): number => withPower(b, b.files ?? 1),
  /** Number of the last error that the task's open file has reported. */
  seenErr: (b: Bounds): number => withPower(b, b.tasks),
  /** Ghost: number of the error that the task's last sync call must report; 0 if none. */
  owedErr: (b: Bounds): number => withPower(b, b.tasks),
  /** Ghost: writes to the page that are complete, and those of them that sync calls can find. */
  completed: (b: Bounds): number => withPower(b, b.pages),
  tracked: (b: Bounds): number => withPower(b, b.pages),
  /** Ghost: what a sync call in flight promises, at `task * pages + page`, and of the block map. */
  promise: (b: Bounds): number => withPower(b, b.tasks * b.pages),
  promisedMap: (b: Bounds): number => withPower(b, b.tasks),
  /** Ghost: what must survive: tracked writes that a sync call covered. */
  synced: (b: Bounds): number => withPower(b, b.pages),
  /** Ghost: what must survive: all writes that a sync call covered. */
  covered: (b: Bounds): number => withPower(b, b.pages),
  /** Ghost: what must survive: writes that were made with O_DSYNC. */
  dsynced: (b: Bounds): number => withPower(b, b.pages),
  /** Ghost: what must survive: stores that their program has written back and fenced. */
  fenced: (b: Bounds): number => withPower(b, b.pages),
  /** 1 once power has failed: nothing happens any more. */
  crashed: (b: Bounds): number => withPower(b, 1),
  /** Head index + 1 of the entry on whose wait queue the task sleeps; 0 if awake. */
  waits: (b: Bounds): number => b.waitQueues ? b.tasks : 0,
  /** What the mapping's CPU may still do by a translation that it keeps: `Pte`, as in `pte`. */
  tlb: (b: Bounds): number => b.tlbs ? b.mappings * b.pages : 0,
  /** Ghost: what the page's block holds: `Content`. */
  content: (b: Bounds): number => b.contents ? b.pages : 0,
  /** Blocks of the folio that are dirty, as bits, where a page has two. */
  dirtyBlocks: (b: Bounds): number => b.subpage ? withFolios(b, b.folios) : 0,
  /** 1 while the mapping's VMA is in `i_mmap`. */
  vma: (b: Bounds): number => b.vmas ? b.mappings : 0,
  /** What the design keeps for itself: no event changes it, and no invariant asks for it. */
  variable: (b: Bounds): number => b.variables?.length ?? 0,
} as const;

function withFolios({ folios = 0 }: Bounds, length = 0): number {
  return folios === 0 ? 0 : length;
}

function withBlocks({ blocks = 0 }: Bounds, length = 0): number {
  return blocks === 0 ? 0 : length;
}

function withPower({ durable = false }: Bounds, length = 0): number {
  return durable ? length : 0;
}

/** Name of a view on the state. */
export type Field = keyof typeof viewLengths;

/** Names of all views, in the order in which they lie in the buffer. */
export const viewNames: readonly Field[] = Object.keys(viewLengths).filter((name): name is Field =>
  name in viewLengths
);

type Views = { [F in Field]: Uint8Array };

/** The views of a world that has none of them: what states are made from. */
const noViews: Readonly<Views> = viewsWithout();

function viewsWithout(): Views {
  const none = new Uint8Array(0);
  const views: Partial<Views> = {};
  for (const field of viewNames) views[field] = none;
  if (!areAll(views)) throw new RangeError("a view is missing");
  // V8 copies an object that was itself made as a copy four times as fast.
  return { ...views };
}

function areAll(views: Partial<Views>): views is Views {
  return viewNames.every((field) => views[field] !== undefined);
}

/** One state of the world: the buffer, its views, and the bounds that they were cut by. */
export type State = { readonly [F in Field]: Uint8Array } & {
  readonly bounds: Bounds;
  /** The whole state. Its length is a multiple of 4, so that it can be read as 32-bit words. */
  readonly bytes: Uint8Array;
};

/** Where the views of a world lie in its buffer. Views that it does not have are not among them. */
interface Cuts {
  readonly size: number;
  readonly ranges: readonly (readonly [field: Field, from: number, to: number])[];
}

const knownCuts = new WeakMap<Bounds, Cuts>();

function cutsOf(bounds: Bounds): Cuts {
  const known = knownCuts.get(bounds);
  if (known !== undefined) return known;
  let offset = 0;
  const ranges = viewNames.map((field) => {
    const from = offset;
    offset += viewLengths[field](bounds);
    return [field, from, offset] as const;
  });
  const cuts = { size: (offset + 3) & ~3, ranges: ranges.filter(([, from, to]) => from < to) };
  knownCuts.set(bounds, cuts);
  return cuts;
}

/** Number of bytes of a state with these bounds, rounded up to a multiple of 4. */
export function stateSize(bounds: Bounds): number {
  return cutsOf(bounds).size;
}

/**
 * The state in which nothing is cached, mapped, dirty or held, over a buffer of the caller's or a
 * new one.
 *
 * @throws {RangeError} if the buffer's length is not `stateSize(bounds)`, or `pmdPages` does not
 *   divide `pages`: both are mistakes of the calling code, never of a user.
 */
export function createState(
  bounds: Bounds,
  bytes: Uint8Array = new Uint8Array(stateSize(bounds)),
): State {
  const { size, ranges } = cutsOf(bounds);
  if (bytes.length !== size) {
    throw new RangeError(`state of ${size} bytes over a buffer of ${bytes.length}`);
  }
  if (bounds.pages % bounds.pmdPages !== 0) {
    throw new RangeError(`${bounds.pages} pages in PMDs of ${bounds.pmdPages}`);
  }
  const state = { ...noViews, bounds, bytes };
  const { buffer, byteOffset } = bytes;
  for (const [field, from, to] of ranges) {
    state[field] = new Uint8Array(buffer, byteOffset + from, to - from);
  }
  return state;
}

/** A copy that shares nothing with the original. */
export function copyState(state: State): State {
  return createState(state.bounds, state.bytes.slice());
}

/** Makes a state what another with the same bounds is: less than a tenth of what a copy costs. */
export function become(state: State, like: State): void {
  state.bytes.set(like.bytes);
}

/** The bytes as a string, one character a byte: equal for equal states only. */
export function stateKey({ bytes }: State): string {
  // Four times as fast as to spread them.
  return Reflect.apply(String.fromCharCode, undefined, bytes);
}

/** The state whose key this is; the inverse of {@link stateKey}. */
export function stateOfKey(bounds: Bounds, key: string): State {
  const state = createState(bounds);
  becomeKeyed(state, key);
  return state;
}

/** Makes a state the one whose key this is, of another with the same bounds. */
export function becomeKeyed({ bytes }: State, key: string): void {
  for (let at = 0; at < bytes.length; at++) bytes[at] = key.charCodeAt(at);
}

/** Where a field lies in the buffer: for the explorer's packed states and for printing. */
export function fieldRange(bounds: Bounds, field: Field): readonly [from: number, to: number] {
  const [, from, to] = cutsOf(bounds).ranges.find(([name]) => name === field) ?? [field, 0, 0];
  return [from, to];
}

/** What sets every byte of these views to 0. It looks only once at where they lie. */
export function clearing(fields: readonly Field[]): (state: State) => void {
  const known = new WeakMap<Bounds, readonly number[]>();
  return ({ bounds, bytes }) => {
    let stretches = known.get(bounds);
    if (stretches === undefined) known.set(bounds, stretches = stretchesOf(bounds, fields));
    for (let index = 0; index < stretches.length; index += 2) {
      const end = stretches[index + 1] ?? 0;
      for (let at = stretches[index] ?? 0; at < end; at++) bytes[at] = 0;
    }
  };
}

/** Where each stretch of the buffer begins and ends, one after another: views that touch are one. */
function stretchesOf(bounds: Bounds, fields: readonly Field[]): readonly number[] {
  const stretches: number[] = [];
  for (const [field, from, to] of cutsOf(bounds).ranges) {
    if (!fields.includes(field)) continue;
    if (stretches.at(-1) === from) stretches[stretches.length - 1] = to;
    else stretches.push(from, to);
  }
  return stretches;
}
