/**
 * The state of a run: one buffer with a view for every name, as in `model/state.ts`.
 *
 * A folio is one of two that a page may have, so that an old one can outlive its place in the mapping.
 * Of the device only two things are known of a byte: what a read returns, and what a power failure may
 * leave, as a set of values.
 *
 * @module
 */
import type { Bug } from "./bugs.ts";
import type { ScenarioLayout } from "./layout.ts";

/** What the block map says of a block. */
export const Block = { HOLE: 0, UNWRITTEN: 1, MAPPED: 2, DELALLOC: 3 } as const;

/** A page table entry: the folio of the page cache that it shows, or what DAX shows. */
export const Pte = {
  NONE: 0,
  READ_1: 1,
  READ_2: 2,
  WRITE_1: 3,
  WRITE_2: 4,
  ANONYMOUS: 5,
  DAX_ZERO: 6,
  DAX_READ: 7,
  DAX_WRITE: 8,
} as const;

/** A DAX entry of the XArray. */
export const Slot = { NONE: 0, ZERO: 1, PFN: 2 } as const;

/** How an operation ended. */
export const Status = {
  PENDING: 0,
  OK: 1,
  EIO: 2,
  EFAULT: 3,
  EBUSY: 4,
  SIGBUS: 5,
  CUT: 6,
  ENOSPC: 7,
  ENOENT: 8,
} as const;

/** Of a name: no file has it. */
export const NO_FILE = 0xff;

/** Who writes a folio back when no process does. */
export const FLUSHER = 0xfe;

/** Byte counts of each view; the order is the order in the buffer. */
const lengths = {
  /** Per process: operation in its program, step in the operation, and the step's locals. */
  operation: (l: ScenarioLayout) => l.programs.length,
  step: (l: ScenarioLayout) => l.programs.length,
  /** The page at which the operation stands. */
  cursor: (l: ScenarioLayout) => l.programs.length,
  /** Bits of the page's atoms that are copied; what an extent was when it was looked up. */
  note: (l: ScenarioLayout) => l.programs.length,
  /** The folio that is copied. */
  held: (l: ScenarioLayout) => l.programs.length,
  /**
   * Per operation: `Status`; atoms that were read or copied, or written where that was less than was
   * asked; and the values that were read.
   */
  status: (l: ScenarioLayout) => l.places.length,
  count: (l: ScenarioLayout) => l.places.length,
  read: (l: ScenarioLayout) => readLength(l),
  /** Per page of the page cache: 1 or 2 for the folio in the mapping, 0 for none. */
  slot: (l: ScenarioLayout) => l.pages.length,
  /** Per folio, at `page * 2 + slot - 1`. */
  locked: (l: ScenarioLayout) => l.pages.length * 2,
  uptodate: (l: ScenarioLayout) => l.pages.length * 2,
  dirty: (l: ScenarioLayout) => l.pages.length * 2,
  /** Process + 1 that writes it back, or `FLUSHER`. */
  writeback: (l: ScenarioLayout) => l.pages.length * 2,
  /** What the folio holds, at `atom * 2 + slot - 1`. */
  folio: (l: ScenarioLayout) => l.atoms.length * 2,
  /** Direct writes in flight over the page. */
  direct: (l: ScenarioLayout) => l.pages.length,
  /** Devices that hold the folio to write to it. */
  pins: (l: ScenarioLayout) => l.pages.length,
  /** The folio changed after its checksum was made; the checksum on the device is wrong. */
  changed: (l: ScenarioLayout) => l.pages.length,
  damaged: (l: ScenarioLayout) => l.pages.length,
  /** Of a bug alone: atoms before the end of the file when writeback of the page began, plus one. */
  oldEnd: (l: ScenarioLayout) => l.pages.length,
  /** Per block: in core, and committed. */
  block: (l: ScenarioLayout) => l.blocks.length,
  diskBlock: (l: ScenarioLayout) => l.blocks.length,
  /** True while another file shares the block. */
  shared: (l: ScenarioLayout) => l.blocks.length,
  /** Per atom: what a read of the device returns, and the set of what a power failure may leave. */
  device: (l: ScenarioLayout) => l.atoms.length,
  durable: (l: ScenarioLayout) => l.atoms.length,
  /** DAX: a store may still sit in a CPU cache. */
  cached: (l: ScenarioLayout) => l.atoms.length,
  /** DAX, per page: entry, whether it is part of a PMD entry, DIRTY, TOWRITE, and who locks it. */
  entry: (l: ScenarioLayout) => l.pages.length,
  pmd: (l: ScenarioLayout) => l.pages.length,
  tag: (l: ScenarioLayout) => l.pages.length,
  towrite: (l: ScenarioLayout) => l.pages.length,
  entryLock: (l: ScenarioLayout) => l.pages.length,
  /** Per mapping: mapped now; its page table, and its private copies. */
  mapped: (l: ScenarioLayout) => l.mappings.length,
  pte: (l: ScenarioLayout) => l.mappings.length * l.pages.length,
  anonymous: (l: ScenarioLayout) =>
    l.mappings.some((each) => each.isPrivate) ? l.mappings.length * l.atoms.length : 0,
  /** Per file: semaphores as the writer + 1 and the number of readers. */
  inodeWriter: (l: ScenarioLayout) => l.files.length,
  inodeReaders: (l: ScenarioLayout) => l.files.length,
  invalidateWriter: (l: ScenarioLayout) => l.files.length,
  invalidateReaders: (l: ScenarioLayout) => l.files.length,
  /** An error of writeback that the descriptor has not reported; of a file, that nobody has. */
  fdError: (l: ScenarioLayout) => l.fds.length,
  fileError: (l: ScenarioLayout) => l.files.length,
  /** An error of any file that the descriptor has not reported from syncfs; that nobody has. */
  fdSuperError: (l: ScenarioLayout) => l.fds.length,
  superError: () => 1,
  /** Per name: the file that has it, in core and committed, or `NO_FILE`. */
  names: (l: ScenarioLayout) => l.files.length,
  diskNames: (l: ScenarioLayout) => l.files.length,
  /** Per descriptor: the file that it was opened on. */
  opened: (l: ScenarioLayout) => l.fds.length,
  /** Of bugs alone: files of which the next sync call logs nothing, and whose size it logs as 0. */
  renamed: (l: ScenarioLayout) => l.files.length,
  linked: (l: ScenarioLayout) => l.files.length,
  /** Of a bug alone: a call has a commit under way. */
  committing: () => 1,
  /** Single flags: the next data write fails; power has failed. */
  failNext: () => 1,
  crashed: () => 1,
} as const;

type Field = keyof typeof lengths;

/** The views of a world, and what it is a world of. */
export type World = { readonly [F in Field]: Uint8Array } & {
  readonly layout: ScenarioLayout;
  /** What this file system does wrong; nothing if it is sound. */
  bug: Bug | undefined;
  /** Bugs whose place in a program was passed: no other could have made a difference. */
  readonly asked: Set<Bug>;
  /** The whole state, and nothing else. */
  readonly words: Int32Array;
  /** Bytes of each file, in core and committed. */
  readonly size: Int32Array;
  readonly diskSize: Int32Array;
  /** Where each operation's read values begin in `read`. */
  readonly readAt: readonly number[];
};

/** True if the file system has this bug; remembers that it was asked. */
export function meetsBug(world: World, bug: Bug): boolean {
  world.asked.add(bug);
  return world.bug === bug;
}

/** The world at the start: files as the scenario has them, nobody has run. */
export function createWorld(layout: ScenarioLayout, bug?: Bug): World {
  const fields = fieldNames();
  const files = layout.files.length;
  const sizes = fields.map((field) => lengths[field](layout));
  const bytes = sizes.reduce((sum, each) => sum + each, files * 8);
  const words = new Int32Array(Math.ceil(bytes / 4));
  let offset = files * 8;
  const view = (field: Field): Uint8Array => {
    const length = lengths[field](layout);
    offset += length;
    return new Uint8Array(words.buffer, offset - length, length);
  };
  const world: World = {
    ...views(view),
    layout,
    bug,
    asked: new Set(),
    words,
    size: new Int32Array(words.buffer, 0, files),
    diskSize: new Int32Array(words.buffer, files * 4, files),
    readAt: readOffsets(layout),
  };
  setStart(world);
  return world;
}

function setStart(world: World): void {
  const { layout } = world;
  const foreign = layout.values.length - 1;
  world.device.fill(foreign);
  layout.files.forEach((name, file) => {
    const start = layout.scenario.files[name];
    if (start === undefined) throw new RangeError(`no file ${name}`);
    world.size[file] = world.diskSize[file] = start.size;
    layout.atoms.forEach(({ from, to, page, block }, atom) => {
      if (layout.pages[page]?.file !== file) return;
      const extent = start.extents.find(({ offset, length }) =>
        offset <= from && to <= offset + length
      );
      if (extent === undefined) return;
      world.block[block] = world.diskBlock[block] = extent.kind === "data"
        ? Block.MAPPED
        : Block.UNWRITTEN;
      if (extent.kind === "data") world.device[atom] = layout.values.indexOf(extent.value);
    });
  });
  // A block that is mapped in part was zeroed when it was written.
  layout.atoms.forEach(({ from, block, page }, atom) => {
    if (world.block[block] !== Block.MAPPED || world.device[atom] !== foreign) return;
    const file = layout.pages[page]?.file ?? 0;
    const start = layout.scenario.files[layout.files[file] ?? ""];
    const covered = start?.extents.some((each) =>
      each.kind === "data" && each.offset <= from && from < each.offset + each.length
    );
    if (!covered) world.device[atom] = 0;
  });
  world.device.forEach((value, atom) => world.durable[atom] = 1 << value);
  layout.files.forEach((_, file) => world.names[file] = world.diskNames[file] = file);
  layout.fds.forEach(({ file }, fd) => world.opened[fd] = file);
}

function readLength(layout: ScenarioLayout): number {
  return (readOffsets(layout).at(-1) ?? 0) + lastRead(layout);
}

function lastRead({ places }: ScenarioLayout): number {
  const last = places.at(-1);
  return last === undefined ? 0 : readsOf(last);
}

function readOffsets({ places }: ScenarioLayout): readonly number[] {
  let sum = 0;
  return places.map((place) => (sum += readsOf(place)) - readsOf(place));
}

function readsOf({ operation, atoms, bufferMapping }: ScenarioLayout["places"][number]): number {
  if (operation.kind === "load") return 1;
  if (operation.kind === "copy_file_range" || operation.kind === "splice") {
    return atoms.end - atoms.first;
  }
  return operation.kind === "pread" && bufferMapping < 0 ? atoms.end - atoms.first : 0;
}

function fieldNames(): readonly Field[] {
  return Object.keys(lengths).filter((name): name is Field => name in lengths);
}

function views(view: (field: Field) => Uint8Array): { readonly [F in Field]: Uint8Array } {
  return {
    operation: view("operation"),
    step: view("step"),
    cursor: view("cursor"),
    note: view("note"),
    held: view("held"),
    status: view("status"),
    count: view("count"),
    read: view("read"),
    slot: view("slot"),
    locked: view("locked"),
    uptodate: view("uptodate"),
    dirty: view("dirty"),
    writeback: view("writeback"),
    folio: view("folio"),
    direct: view("direct"),
    pins: view("pins"),
    changed: view("changed"),
    damaged: view("damaged"),
    oldEnd: view("oldEnd"),
    block: view("block"),
    diskBlock: view("diskBlock"),
    shared: view("shared"),
    device: view("device"),
    durable: view("durable"),
    cached: view("cached"),
    entry: view("entry"),
    pmd: view("pmd"),
    tag: view("tag"),
    towrite: view("towrite"),
    entryLock: view("entryLock"),
    mapped: view("mapped"),
    pte: view("pte"),
    anonymous: view("anonymous"),
    inodeWriter: view("inodeWriter"),
    inodeReaders: view("inodeReaders"),
    invalidateWriter: view("invalidateWriter"),
    invalidateReaders: view("invalidateReaders"),
    fdError: view("fdError"),
    fileError: view("fileError"),
    fdSuperError: view("fdSuperError"),
    superError: view("superError"),
    names: view("names"),
    diskNames: view("diskNames"),
    opened: view("opened"),
    renamed: view("renamed"),
    linked: view("linked"),
    committing: view("committing"),
    failNext: view("failNext"),
    crashed: view("crashed"),
  };
}
