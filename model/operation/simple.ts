/**
 * Operations of one step: descriptors, mappings, hints, and power failures.
 *
 * @module
 */
import { unmapMapping } from "./dax_removal.ts";
import { sampleErrors } from "./errors.ts";
import { folioOf, removeFolio, unmapPage } from "./folio.ts";
import type { OperationPlace, ScenarioLayout } from "./layout.ts";
import { choice, finish, type Next, type Program, step, succeed, type Turn } from "./program.ts";
import { Block, meetsBug, NO_FILE, Status, type World } from "./world.ts";

/** open: an error that nobody was told of is this descriptor's to tell. */
export const open: Program = [
  step("open", (turn) => {
    const { world, place } = turn;
    const fd = world.layout.fds.findIndex(({ operation }) => operation === place.operation);
    const file = world.names[world.layout.fds[fd]?.file ?? 0] ?? NO_FILE;
    if (file === NO_FILE) return finish(turn, Status.ENOENT);
    world.opened[fd] = file;
    sampleErrors(world, fd);
    return succeed(turn);
  }),
];

/** close: nothing else happens. */
export const close: Program = [
  step("close", (turn) => {
    const size = sizeThatItSet(turn);
    if (size !== undefined && meetsBug(turn.world, "close-repeats-truncate")) cutAt(turn, size);
    return succeed(turn);
  }),
];

/** To which size the file was cut or grown through the descriptor last; undefined if it never was. */
function sizeThatItSet({ world: { layout }, place }: Turn): number | undefined {
  const before = layout.places.filter(({ process, index }) =>
    process === place.process && index < place.index
  );
  return before.flatMap(({ fd, operation }) =>
    fd === place.fd && operation.kind === "ftruncate" ? [operation.length] : []
  ).at(-1);
}

/** All pages from a byte on are gone, whoever has written to them. */
function cutAt({ world, place: { file } }: Turn, size: number): void {
  const { layout } = world;
  layout.pages.forEach(({ file: own, from }, page) => {
    if (own !== file || from < size) return;
    unmapPage(world, page, true);
    removeFolio(world, page);
  });
  layout.blocks.forEach(({ file: own, from }, block) => {
    if (own === file && from >= size) world.block[block] = Block.HOLE;
  });
  world.size[file] = Math.min(size, world.size[file] ?? 0);
}

/** mmap. */
export const mmap: Program = [
  step("mmap", (turn) => {
    const { world, place } = turn;
    world.mapped[place.mapping] = 1;
    return succeed(turn);
  }),
];

/** munmap: a store through the mapping stays dirty. */
export const munmap: Program = [
  step("munmap", (turn) => {
    const { world, place } = turn;
    if (meetsBug(world, "munmap-forgets-dirty")) {
      const { first, end } = world.layout.mappings[place.mapping]?.pages ?? { first: 0, end: 0 };
      for (let page = first; page < end; page++) {
        const folio = folioOf(world, page);
        if (folio >= 0 && world.locked[folio] === 0) world.dirty[folio] = 0;
        world.tag[page] = 0;
      }
    }
    unmapMapping(world, place.mapping);
    return succeed(turn);
  }),
];

/** fadvise: a hint, which the kernel's own eviction already covers. */
export const evict: Program = [step("fadvise", succeed)];

/** The next data write fails. */
export const injectError: Program = [
  step("inject error", (turn) => {
    turn.world.failNext[0] = 1;
    return succeed(turn);
  }),
];

/** Power fails: for every byte that was not durable, one of the values that it may have kept. */
export const crash: Program = [
  choice("crash", (turn): Next => {
    const { world, process, place } = turn;
    const values = survivors(turn);
    if (values === undefined) return "none";
    values.forEach((value, atom) => {
      world.device[atom] = value;
      world.durable[atom] = 1 << value;
    });
    world.block.set(world.diskBlock);
    world.size.set(world.diskSize);
    world.names.set(world.diskNames);
    const { status } = world;
    forget(world);
    world.crashed[0] = 1;
    world.layout.places.forEach((each) => {
      if (each.process === process || status[each.index] !== Status.PENDING) return;
      status[each.index] = Status.CUT;
    });
    world.layout.programs.forEach((program, each) => {
      if (each !== process) world.operation[each] = program.length;
    });
    status[place.index] = Status.OK;
    return "done";
  }),
];

/** What the atoms hold after the failure in this way of the turn; undefined behind the last way. */
function survivors({ world, place, way }: Turn): readonly number[] | undefined {
  const { layout, durable, diskBlock, device } = world;
  let rest = way;
  const found = layout.atoms.map(({ block, from, to }, atom) => {
    const set = durable[atom] ?? 1;
    const choices = layout.values.flatMap((_, value) => (set >> value) & 1 ? [value] : []);
    const read = diskBlock[block] === Block.MAPPED && isReadAfter(layout, place, atom);
    if (!read || choices.length === 1) return choices[0] ?? device[atom] ?? 0;
    if (to - from > 1) {
      throw new RangeError(`a read after the crash would see bytes ${from} to ${to} torn`);
    }
    const value = choices[rest % choices.length] ?? 0;
    rest = Math.floor(rest / choices.length);
    return value;
  });
  return rest > 0 ? undefined : found;
}

/** True if the process that goes on reads the atom. */
function isReadAfter(
  { places, placesOn }: ScenarioLayout,
  { index, process }: OperationPlace,
  atom: number,
): boolean {
  return [places, ...placesOn].flat().some((place) =>
    place.process === process && place.index > index && place.atoms.first <= atom &&
    atom < place.atoms.end &&
    (place.operation.kind === "load" || place.operation.kind === "pread")
  );
}

/** Everything that was in memory is gone. */
function forget(world: World): void {
  const memory = [
    world.note,
    world.held,
    world.slot,
    world.locked,
    world.uptodate,
    world.dirty,
    world.writeback,
    world.folio,
    world.direct,
    world.pins,
    world.changed,
    world.oldEnd,
    world.cached,
    world.entry,
    world.pmd,
    world.tag,
    world.towrite,
    world.entryLock,
    world.mapped,
    world.pte,
    world.anonymous,
    world.inodeWriter,
    world.inodeReaders,
    world.invalidateWriter,
    world.invalidateReaders,
    world.fdError,
    world.fileError,
    world.fdSuperError,
    world.superError,
    world.renamed,
    world.linked,
    world.committing,
    world.failNext,
  ];
  for (const each of memory) each.fill(0);
}

/** What memory reclaim may do with a page at any time, if it may. */
export function reclaimMove(world: World, page: number): (() => void) | undefined {
  const folio = folioOf(world, page);
  if (folio < 0 || (world.locked[folio] ?? 0) > 0 || world.uptodate[folio] === 0) return undefined;
  if ((world.writeback[folio] ?? 0) > 0 || (world.pins[page] ?? 0) > 0) return undefined;
  if (world.dirty[folio] === 1 && !meetsBug(world, "reclaim-drops-dirty-folio")) return undefined;
  return () => {
    unmapPage(world, page, false);
    removeFolio(world, page);
  };
}
