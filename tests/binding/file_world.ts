/**
 * One file of a scenario as a world of events: how large it is, what it holds at the start, and which
 * numbers pages, mappings, tasks and writes have in it. A world of events has one file, so a scenario
 * of two files is two worlds.
 *
 * @module
 */
import { Content } from "../../model/content.ts";
import { Extent } from "../../model/extent.ts";
import type { OperationPlace, ScenarioLayout } from "../../model/operation/layout.ts";
import { moves } from "../../model/operation/observation.ts";
import { pageSize } from "../../model/page_size.ts";
import { Block, type World } from "../../model/operation/world.ts";
import { createState, type State } from "../../model/state.ts";
import { commitMap, FOREIGN } from "../../model/storage.ts";
import type { WorldBounds } from "../../vectors/format/event_vector.ts";

/** A world of operations, as far as events may be read off it: which bug it has is no evidence. */
export type WorldEvidence = Omit<World, "bug" | "asked">;

/** The world of events of a file. */
export interface FileWorld {
  readonly layout: ScenarioLayout;
  readonly file: number;
  readonly isDax: boolean;
  readonly bounds: WorldBounds;
  /** Pages of the layout that are the file's, in order. */
  readonly pages: readonly number[];
  /** The page of events for a page of the layout. */
  readonly pageOf: (page: number) => number;
  /** Pages of the layout that a PMD at the page would map. */
  readonly groupOf: (page: number) => readonly number[];
  /** The mapping of events for a mapping of the layout, -1 for one of another file. */
  readonly mappingOf: (mapping: number) => number;
  /** Mappings of the layout that are the file's. */
  readonly mappings: readonly number[];
}

/** Bit of what a page holds at the start. */
const initial = 0x40;

/** The world of a file; undefined if no operation touches one of its pages. */
export function fileWorldOf(layout: ScenarioLayout, file: number): FileWorld | undefined {
  const pages = layout.pages.flatMap((page, at) => page.file === file ? [at] : []);
  if (pages.length === 0) return undefined;
  const groups = [...new Set(pages.map((page) => layout.groups[page]))];
  const groupOf = (page: number): readonly number[] =>
    pages.filter((each) => layout.groups[each] === layout.groups[page]);
  const isHuge = layout.mappings.some((each) => each.file === file && each.isHuge);
  const pmdPages = isHuge ? Math.max(...pages.map((page) => groupOf(page).length)) : 1;
  const pageOf = (page: number): number =>
    isHuge
      ? groups.indexOf(layout.groups[page]) * pmdPages + groupOf(page).indexOf(page)
      : pages.indexOf(page);
  const count = isHuge ? groups.length * pmdPages : pages.length;
  const mappings = mappingsOf(layout, file);
  const bounds: WorldBounds = {
    pages: count,
    pmdPages,
    mappings: mappings.length,
    tasks: layout.fds.length + count + layout.fds.length * count,
    rwsems: 1,
    privateFrom: mappings.filter((each) => layout.mappings[each]?.isPrivate !== true).length,
    blocks: 2 * count,
    durable: true,
    ...syncBound(layout, mappings),
    ...(layout.medium.cache === "dax" ? { contents: true } : {
      folios: 3 * count,
      stableWrites: layout.medium.stableWrites,
    }),
  };
  return {
    layout,
    file,
    isDax: layout.medium.cache === "dax",
    bounds,
    pages,
    pageOf,
    groupOf,
    mappingOf: (mapping) => mappings.indexOf(mapping),
    mappings,
  };
}

/** MAP_SYNC first, private last: the bounds tell them apart by their numbers. */
function mappingsOf({ mappings }: ScenarioLayout, file: number): readonly number[] {
  const rank = (mapping: number): number => {
    const { isPrivate = false, operation } = mappings[mapping] ?? {};
    return isPrivate ? 2 : operation?.sync === true ? 0 : 1;
  };
  return mappings.flatMap((each, at) => each.file === file ? [at] : [])
    .toSorted((one, other) => rank(one) - rank(other));
}

function syncBound(
  { mappings }: ScenarioLayout,
  own: readonly number[],
): { readonly syncBelow?: number } {
  const synchronous = own.filter((each) => mappings[each]?.operation.sync === true).length;
  return synchronous > 0 ? { syncBelow: synchronous } : {};
}

/** The task of an operation: its open file, since errors are told to each of them once. */
export function taskOf({ layout }: FileWorld, { fd, mapping }: OperationPlace): number {
  return Math.max(0, fd >= 0 ? fd : layout.mappings[mapping]?.fd ?? 0);
}

/** The task that writes a page back when no process does. */
export function kernelTaskOf({ layout, pageOf }: FileWorld, page: number): number {
  return layout.fds.length + pageOf(page);
}

/** A direct request is a task for each of its pages. */
export function directTaskOf(world: FileWorld, place: OperationPlace, page: number): number {
  const { layout: { fds }, bounds: { pages }, pageOf } = world;
  return fds.length + pages + taskOf(world, place) * pages + pageOf(page);
}

/**
 * Bits of what an operation writes to a page, to all atoms of it or to one. Atoms lie in the two cache
 * lines of the page by turns, whose bits are the even and the odd ones; where there are more writes
 * than bits, the last of them share one.
 */
export function bitsOf(
  { layout }: FileWorld,
  place: OperationPlace,
  page: number,
  only?: number,
): number {
  const { first, end } = layout.pages[page] ?? { first: 0, end: 0 };
  const writes = layout.places.flatMap((each) =>
    atomsWritten(each).filter((atom) => first <= atom && atom < end)
      .map((atom) => ({ index: each.index, atom, line: (atom - first) % 2 }))
  );
  let bits = 0;
  for (const { index, atom, line } of writes) {
    if (index !== place.index || (only !== undefined && atom !== only)) continue;
    const before = writes.filter((each) => each.line === line);
    const at = before.findIndex((each) => each.index === index && each.atom === atom);
    bits |= 1 << (2 * Math.min(at, 2) + line);
  }
  return bits;
}

/** Atoms that an operation writes. */
function atomsWritten(
  { operation, atoms, bufferMapping, bufferAtoms }: OperationPlace,
): readonly number[] {
  const fills = operation.kind === "pread" && bufferMapping >= 0;
  if (!fills && operation.kind !== "store" && !moves(operation)) return [];
  const { first, end } = fills ? bufferAtoms : atoms;
  return Array.from({ length: end - first }, (_, each) => first + each);
}

/** What the block map of events says of a page. */
export function extentOf({ layout, isDax }: FileWorld, world: WorldEvidence, page: number): number {
  const { first } = layout.pages[page] ?? { first: 0 };
  const block = world.block[layout.atoms[first]?.block ?? 0];
  if (block === Block.MAPPED) return Extent.MAPPED;
  if (block === Block.UNWRITTEN || block === Block.DELALLOC) return Extent.UNWRITTEN;
  return isDax && isBeyond(layout, world, page) ? Extent.BEYOND : Extent.HOLE;
}

function isBeyond({ pages }: ScenarioLayout, { size }: WorldEvidence, page: number): boolean {
  const { from, file } = pages[page] ?? { from: 0, file: 0 };
  return from >= (size[file] ?? 0);
}

/** The size of the file in pages of events; in blocks where they are smaller than pages. */
export function sizeOf(
  { layout, file, pages, pageOf }: FileWorld,
  { size }: WorldEvidence,
): number {
  const bytes = size[file] ?? 0;
  const { blockSize } = layout.medium;
  if (blockSize < pageSize) return Math.ceil(bytes / blockSize);
  return Math.max(
    0,
    ...pages.filter((page) => (layout.pages[page]?.from ?? 0) < bytes)
      .map((page) => pageOf(page) + 1),
  );
}

/** The state of events at the start of the scenario. */
export function startOf(fileWorld: FileWorld, world: WorldEvidence): State {
  const { bounds, pages, pageOf, layout } = fileWorld;
  const state = createState({ ...bounds, locals: 0 });
  for (const copy of [state.media, state.pending, state.visible]) copy.fill(FOREIGN);
  const give = (page: number, content: number): void => {
    state.block[page] = page + 1;
    state.owner[page] = page + 1;
    for (const copy of [state.media, state.pending, state.visible]) copy[page] = content;
  };
  // Pages between those that an operation touches: of them it is said only that they are there.
  for (let page = 0; page < bounds.pages; page++) {
    state.extent[page] = Extent.MAPPED;
    if (state.content.length > 0) state.content[page] = Content.ZEROED;
    if (!pages.some((each) => pageOf(each) === page)) give(page, 0);
  }
  for (const page of pages) {
    const at = pageOf(page);
    const extent = extentOf(fileWorld, world, page);
    state.extent[at] = extent;
    if (state.content.length > 0) {
      state.content[at] = extent === Extent.MAPPED ? Content.DATA : Content.STALE;
    }
    const { first, end } = layout.pages[page] ?? { first: 0, end: 0 };
    const hasData = world.device.subarray(first, end).some((value) => value !== 0);
    if (extent === Extent.MAPPED) give(at, hasData ? initial : 0);
    if (extent === Extent.UNWRITTEN) give(at, FOREIGN);
  }
  state.size[0] = sizeOf(fileWorld, world);
  commitMap(state);
  return state;
}
