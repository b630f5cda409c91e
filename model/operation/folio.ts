/**
 * What happens to folios of the page cache and to the page table entries that show them.
 *
 * @module
 */
import { Block, meetsBug, Pte, type World } from "./world.ts";

/** Number of the page's folio among all folios, or -1 if the page is not cached. */
export function folioOf({ slot }: Pick<World, "slot">, page: number): number {
  const at = slot[page] ?? 0;
  return at === 0 ? -1 : page * 2 + at - 1;
}

/** Where the cached folio holds an atom of its page. */
export function heldAt({ slot }: World, page: number, atom: number): number {
  return atom * 2 + (slot[page] ?? 1) - 1;
}

/** Puts a new folio into the mapping, locked by the process and not uptodate. */
export function insertFolio(world: World, page: number, process: number): void {
  const used = isHeld(world, page, 1) || isShown(world, page, 1);
  world.slot[page] = used ? 2 : 1;
  const folio = folioOf(world, page);
  world.locked[folio] = process + 1;
  world.uptodate[folio] = 0;
  world.dirty[folio] = 0;
  world.writeback[folio] = 0;
}

/** Notes that a folio changes, which matters while it is written out. */
export function noteChange(world: World, page: number): void {
  const folio = folioOf(world, page);
  if (folio >= 0 && (world.writeback[folio] ?? 0) > 0) world.changed[page] = 1;
}

/** Takes the folio out of the mapping; page table entries are another matter. */
export function removeFolio(world: World, page: number): void {
  const at = world.slot[page] ?? 0;
  if (at === 0) return;
  const folio = folioOf(world, page);
  world.locked[folio] =
    world.uptodate[folio] =
    world.dirty[folio] =
    world.writeback[folio] =
      0;
  world.slot[page] = 0;
  if (isHeld(world, page, at) || isShown(world, page, at)) return;
  const { first, end } = world.layout.pages[page] ?? { first: 0, end: 0 };
  for (let atom = first; atom < end; atom++) world.folio[atom * 2 + at - 1] = 0;
}

function isHeld({ held, cursor, operation, layout }: World, page: number, at: number): boolean {
  return layout.programs.some((program, process) =>
    held[process] === at && cursor[process] === page &&
    (operation[process] ?? 0) < program.length
  );
}

function isShown({ pte, layout }: World, page: number, at: number): boolean {
  return layout.mappings.some((_, mapping) => {
    const entry = pte[mapping * layout.pages.length + page];
    return entry === Pte.READ_1 + at - 1 || entry === Pte.WRITE_1 + at - 1;
  });
}

/** Reads the folio from the device: holes, unwritten blocks and what lies behind the end are zeros. */
export function readFolio(world: World, page: number): void {
  const { first, end } = world.layout.pages[page] ?? { first: 0, end: 0 };
  for (let atom = first; atom < end; atom++) {
    world.folio[heldAt(world, page, atom)] = isAtomBeyond(world, atom) ? 0 : readAtom(world, atom);
  }
}

/** What a read of the device gives for an atom. */
export function readAtom({ layout, block, device }: World, atom: number): number {
  const at = layout.atoms[atom]?.block ?? 0;
  return block[at] === Block.MAPPED ? device[atom] ?? 0 : 0;
}

/** True if the atom lies behind the end of its file. */
export function isAtomBeyond({ layout, size }: World, atom: number): boolean {
  const { from, page } = layout.atoms[atom] ?? { from: 0, page: 0 };
  return from >= (size[layout.pages[page]?.file ?? 0] ?? 0);
}

/** Clears every mapping's entry for the page, private copies kept unless they go too. */
export function unmapPage(world: World, page: number, withPrivate: boolean): void {
  const { layout, pte } = world;
  layout.mappings.forEach((_, mapping) => {
    const at = mapping * layout.pages.length + page;
    if (pte[at] === Pte.ANONYMOUS && !withPrivate) return;
    if (pte[at] === Pte.ANONYMOUS) clearPrivate(world, mapping, page);
    pte[at] = Pte.NONE;
  });
}

/** Forgets a private copy of a page. */
export function clearPrivate({ layout, anonymous }: World, mapping: number, page: number): void {
  const { first, end } = layout.pages[page] ?? { first: 0, end: 0 };
  for (let atom = first; atom < end; atom++) anonymous[mapping * layout.atoms.length + atom] = 0;
}

/** Write-protects every shared mapping's entry for the page, or no more of them than `limit`. */
export function mkclean({ layout, pte }: World, page: number, limit = Infinity): void {
  let visited = 0;
  layout.mappings.forEach((_, mapping) => {
    const at = mapping * layout.pages.length + page;
    if (pte[at] === Pte.NONE || pte[at] === Pte.ANONYMOUS || visited++ >= limit) return;
    if (pte[at] === Pte.WRITE_1) pte[at] = Pte.READ_1;
    if (pte[at] === Pte.WRITE_2) pte[at] = Pte.READ_2;
    if (pte[at] === Pte.DAX_WRITE) pte[at] = Pte.DAX_READ;
  });
}

/** Promises blocks to the part of the page that lies in the file. */
export function reserveBlocks(world: World, page: number): void {
  const { layout, block } = world;
  const { first, end } = layout.pages[page] ?? { first: 0, end: 0 };
  for (let atom = first; atom < end; atom++) {
    const at = layout.atoms[atom]?.block ?? 0;
    if (block[at] === Block.HOLE && !isBlockBeyond(world, at)) block[at] = Block.DELALLOC;
  }
}

function isBlockBeyond({ layout, size }: World, block: number): boolean {
  const { from, file } = layout.blocks[block] ?? { from: 0, file: 0 };
  return from >= (size[file] ?? 0);
}

/** Writes an atom to the device: it reads back at once and may or may not survive. */
export function writeAtom(world: World, atom: number, value: number): void {
  world.device[atom] = value;
  world.durable[atom] = (world.durable[atom] ?? 0) | (1 << value);
}

/** The volatile cache of the device is written to its media. */
export function flushDevice({ device, durable, cached }: World): void {
  device.forEach((value, atom) => {
    if (cached[atom] === 0) durable[atom] = 1 << value;
  });
}

/** The journal commits: metadata is durable as it is now, and the device is flushed. */
export function commit(world: World, file?: number): void {
  flushDevice(world);
  commitMetadata(world, file);
}

/**
 * Metadata becomes durable: block map and size of one file, to which a sync call promises no more, or
 * those of all files, and their names. Promised blocks are not there yet.
 */
export function commitMetadata(world: World, file?: number): void {
  const { layout, block, diskBlock, size, diskSize, names, diskNames, renamed, linked } = world;
  if (file === undefined) diskNames.set(names);
  block.forEach((each, at) => {
    if (file !== undefined && layout.blocks[at]?.file !== file) return;
    const isFreed = each === Block.HOLE && diskBlock[at] === Block.MAPPED;
    if (isFreed && meetsBug(world, "commit-forgets-freed-blocks")) return;
    diskBlock[at] = each === Block.DELALLOC ? Block.HOLE : each;
  });
  size.forEach((each, at) => {
    if (file !== undefined && at !== file) return;
    const isGrown = each > (diskSize[at] ?? 0) && !endsInData(world, at, each);
    if (isGrown && meetsBug(world, "commit-forgets-size-without-data")) return;
    diskSize[at] = each;
    linked[at] = renamed[at] = 0;
  });
  linked.forEach((each, at) => {
    if (each === 1 && at !== file) diskSize[at] = 0;
  });
}

/** True if the last byte of a file of this size lies in a block that holds data. */
function endsInData({ layout, block }: World, file: number, size: number): boolean {
  const last = layout.blocks.findIndex((each) =>
    each.file === file && each.from < size && size <= each.to
  );
  return block[last] === Block.MAPPED;
}

/** Zeros what a cached page holds behind the end of its file and before a byte. */
export function clearBehindEnd(world: World, page: number, before = Infinity): void {
  const { atoms, pages } = world.layout;
  const { first, end } = pages[page] ?? { first: 0, end: 0 };
  for (let atom = first; atom < end; atom++) {
    const { from } = atoms[atom] ?? { from: 0 };
    if (isAtomBeyond(world, atom) && from < before) world.folio[heldAt(world, page, atom)] = 0;
  }
}
