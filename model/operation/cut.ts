/**
 * Cuts the files of a scenario into the parts that can differ: pages that some operation touches, their
 * blocks, and atoms, the longest runs of bytes that every operation treats alike. What no operation
 * reads or writes is left out, so that a file of 2 MiB is as small as what happens in it.
 *
 * @module
 */
import { match } from "../match.ts";
import type { Mmap, Operation } from "./operation.ts";
import { pageSize } from "../page_size.ts";
import { type Extent, operationsOf, type Scenario } from "./scenario.ts";

/** Bytes [from, to) of a file. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** A run of bytes that every operation treats alike; numbers are those of {@link Cut}. */
export interface Atom extends Range {
  readonly page: number;
  readonly block: number;
}

/** A page or a block that has atoms: [first, end) of them. */
export interface CutPart extends Range {
  readonly file: number;
  readonly first: number;
  readonly end: number;
}

/** All files, cut. Parts of a file follow one another, by offset. */
export interface Cut {
  readonly atoms: readonly Atom[];
  readonly pages: readonly CutPart[];
  readonly blocks: readonly CutPart[];
}

/** Cuts every file of the scenario. */
export function cutFiles(scenario: Scenario, blockSize: number): Cut {
  const atoms: Atom[] = [];
  const pages: CutPart[] = [];
  const blocks: CutPart[] = [];
  for (const [file, [name]] of Object.entries(scenario.files).entries()) {
    const names = [name, ...clonesOf(scenario, name)];
    for (const { from, to } of atomsOf(scenario, names, blockSize)) {
      const page = partOf(pages, file, from, pageSize, atoms.length);
      const block = partOf(blocks, file, from, blockSize, atoms.length);
      atoms.push({ from, to, page, block });
    }
  }
  return { atoms, pages, blocks };
}

/** The last part if the byte lies in it, or a new one. Atoms come in order. */
function partOf(parts: CutPart[], file: number, byte: number, size: number, atom: number): number {
  const last = parts.at(-1);
  if (last !== undefined && last.file === file && byte < last.to) {
    parts[parts.length - 1] = { ...last, end: atom + 1 };
    return parts.length - 1;
  }
  const from = byte - byte % size;
  parts.push({ file, from, to: from + size, first: atom, end: atom + 1 });
  return parts.length - 1;
}

function atomsOf(
  scenario: Scenario,
  names: readonly string[],
  blockSize: number,
): readonly Range[] {
  const starts = names.flatMap((name) => scenario.files[name] ?? []);
  const operations = names.flatMap((name) => operationsOn(scenario, name));
  const extents = starts.flatMap((start) => start.extents.map(rangeOf));
  const data = operations.flatMap(dataOf);
  const edges = [...starts.map(({ size }) => size), ...operations.flatMap(edgesOf)];
  edges.push(...extents.flatMap(({ from, to }) => [from, to]));
  const shifts = operations.flatMap(shiftsOf);
  for (const { at, by } of shifts) {
    data.push(...data.flatMap((range) => moved(range, at, by)));
    edges.push(...edges.filter((edge) => edge >= at).map((edge) => edge + by));
  }
  const cuts = [...new Set([...edges, ...data.flatMap(({ from, to }) => [from, to])])]
    .concat(data.flatMap((range) => boundaries(range, blockSize)))
    .filter((edge) => edge >= 0);
  const sorted = [...new Set(cuts)].sort((a, b) => a - b);
  return sorted.slice(0, -1)
    .map((from, at) => ({ from, to: sorted[at + 1] ?? from }))
    .filter((atom) => data.some(({ from, to }) => from <= atom.from && atom.to <= to));
}

/**
 * Other files that share extents with this one, get its name, or are copied from or to it through a
 * mapping: what is cut in one is cut in all. Such a buffer lies at the offset that it is copied from or to.
 */
function clonesOf(scenario: Scenario, file: string): readonly string[] {
  const all = operationsOf(scenario);
  const fileOf = (fd: string): string | undefined =>
    all.flatMap((each) => each.kind === "open" && each.fd === fd ? [each.file] : [])[0];
  const mapped = (mapping: string): string | undefined =>
    all.flatMap((each) =>
      each.kind === "mmap" && each.mapping === mapping ? [fileOf(each.fd)] : []
    )[0];
  const shared = all.flatMap((each) => {
    if (each.kind === "rename") return [[each.oldpath, each.newpath]];
    if ("to" in each) return [[fileOf(each.from), fileOf(each.to)]];
    const buffer = bufferOf(each);
    return buffer === undefined || !("fd" in each)
      ? []
      : [[fileOf(each.fd), mapped(buffer.mapping)]];
  });
  return shared.filter((pair) => pair.includes(file)).flat()
    .filter((each): each is string => each !== undefined && each !== file);
}

/** Operations that name the file, by name, descriptor or mapping; the other file of each left out. */
function operationsOn(scenario: Scenario, file: string): readonly Operation[] {
  const all = operationsOf(scenario);
  const fds = new Set(
    all.flatMap((each) => each.kind === "open" && each.file === file ? [each.fd] : []),
  );
  const mappings = new Set(
    all.flatMap((each) => each.kind === "mmap" && fds.has(each.fd) ? [each.mapping] : []),
  );
  return all.flatMap((each): readonly Operation[] => {
    const buffer = bufferOf(each);
    const own = "fd" in each ? fds.has(each.fd) : "mapping" in each && mappings.has(each.mapping);
    const pulled: readonly Operation[] = own ? [each] : [];
    if ("to" in each) return fds.has(each.from) || fds.has(each.to) ? [each] : [];
    if (buffer === undefined || !mappings.has(buffer.mapping)) return pulled;
    // The part of a mapping that serves as a buffer is read or written like any other.
    const { offset, mapping } = buffer;
    return [...pulled, {
      kind: "flush_cache",
      id: each.id,
      mapping,
      offset,
      length: buffer.length,
    }];
  });
}

/**
 * The buffer of an operation where it is a mapping.
 *
 * @throws {RangeError} if it lies elsewhere than what it is copied with
 */
function bufferOf(operation: Operation):
  | { readonly mapping: string; readonly offset: number; readonly length: number }
  | undefined {
  if (operation.kind !== "pread" && operation.kind !== "pwrite") return undefined;
  const { id, offset, length } = operation;
  const buffer = operation.kind === "pread" ? operation.into : operation.from;
  if (buffer === undefined) return undefined;
  if (buffer.offset !== offset) throw new RangeError(`${id}: expected a buffer at the same offset`);
  return { ...buffer, length };
}

function rangeOf({ offset, length }: Extent): Range {
  return { from: offset, to: offset + length };
}

/** Bytes that the operation reads or writes. */
function dataOf(operation: Operation): readonly Range[] {
  return match(operation)
    .with({ kind: "load" }, { kind: "store" }, ({ offset }) => [{ from: offset, to: offset + 1 }])
    .with(
      { kind: "pread" },
      { kind: "pwrite" },
      { kind: "copy_file_range" },
      { kind: "splice" },
      { kind: "flush_cache" },
      ({ offset, length }) => [{ from: offset, to: offset + length }],
    )
    .with(
      { kind: "open" },
      { kind: "close" },
      { kind: "mmap" },
      { kind: "munmap" },
      { kind: "fsync" },
      { kind: "fdatasync" },
      { kind: "syncfs" },
      { kind: "sync_file_range" },
      { kind: "msync" },
      { kind: "fallocate" },
      { kind: "ftruncate" },
      { kind: "evict" },
      { kind: "reflink" },
      { kind: "rename" },
      { kind: "link" },
      { kind: "fsync_directory" },
      { kind: "inject_error" },
      { kind: "crash" },
      () => [],
    )
    .exhaustive();
}

/** Where the operation treats what lies before and behind differently. */
function edgesOf(operation: Operation): readonly number[] {
  if (operation.kind === "ftruncate") return [operation.length];
  if (!("offset" in operation)) return [];
  const length = "length" in operation ? operation.length : 1;
  return [operation.offset, operation.offset + length];
}

/** By how much bytes from an offset on move, there and back. */
function shiftsOf(operation: Operation): readonly { readonly at: number; readonly by: number }[] {
  if (operation.kind !== "fallocate") return [];
  const { mode, offset, length } = operation;
  if (mode !== "collapse_range" && mode !== "insert_range") return [];
  return [{ at: offset + length, by: -length }, { at: offset, by: length }];
}

function moved({ from, to }: Range, at: number, by: number): readonly Range[] {
  const start = Math.max(from, at);
  return start < to ? [{ from: start + by, to: to + by }] : [];
}

function boundaries({ from, to }: Range, size: number): readonly number[] {
  const found: number[] = [];
  for (let at = from - from % size + size; at < to; at += size) found.push(at);
  return found;
}

/** Bytes that a mapping covers. */
export function mappedRange({ offset, length }: Mmap): Range {
  return { from: offset, to: offset + length };
}
