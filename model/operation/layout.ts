/**
 * A scenario made ready to run: names are numbers, and what each operation touches is known.
 *
 * @module
 */
import { type Atom, type Cut, cutFiles, mappedRange, type Part, type Range } from "./cut.ts";
import type { Mmap, Open, Operation } from "./operation.ts";
import { type Medium, pmdSize, type Scenario } from "./scenario.ts";

/** Numbers [first, end) of atoms or pages. */
export interface Span {
  readonly first: number;
  readonly end: number;
}

/** An operation and what it touches. */
export interface Place {
  readonly operation: Operation;
  /** Its number among all operations. */
  readonly index: number;
  readonly process: number;
  /** Numbers of the operations that end before it begins. */
  readonly after: readonly number[];
  /** Descriptor and mapping that it names, -1 for none. */
  readonly fd: number;
  readonly mapping: number;
  /** The file that they belong to, -1 for none. */
  readonly file: number;
  readonly range: Range;
  /** Atoms and pages of the range. */
  readonly atoms: Span;
  readonly pages: Span;
  /** The mapping that serves as a buffer, -1 for none, and where its bytes lie. */
  readonly bufferMapping: number;
  readonly bufferAtoms: Span;
  readonly bufferPages: Span;
}

/** A mapping: whose, of what. */
export interface Mapped {
  readonly operation: Mmap;
  readonly process: number;
  readonly file: number;
  readonly fd: number;
  readonly pages: Span;
  readonly atoms: Span;
  readonly isPrivate: boolean;
  /** True where faults may install entries of a PMD. */
  readonly isHuge: boolean;
}

/** A descriptor: how it was opened. */
export interface Opened {
  readonly operation: Open;
  readonly file: number;
  readonly isDirect: boolean;
  readonly isSync: boolean;
}

/** Everything about a scenario that does not change while it runs. */
export interface Layout extends Cut {
  readonly scenario: Scenario;
  readonly medium: Medium;
  readonly files: readonly string[];
  /** Pages of each file. */
  readonly filePages: readonly Span[];
  readonly places: readonly Place[];
  /** Numbers of each process's operations, in order. */
  readonly programs: readonly (readonly number[])[];
  readonly mappings: readonly Mapped[];
  readonly fds: readonly Opened[];
  /** Values of bytes that can occur, by the small number that a state holds; 0 is the first. */
  readonly values: readonly number[];
  /** Group of each page: pages that one PMD would cover have one number. */
  readonly groups: readonly number[];
  /** True if power fails in it. */
  readonly crashes: boolean;
}

/** What a block holds that nobody of the scenario wrote: somebody else's data, or old data. */
export const foreignByte = 0xee;

/**
 * Makes a scenario ready.
 *
 * @throws {RangeError} if an operation names what its process does not have, or there are too many
 * values of bytes
 */
export function layOut(scenario: Scenario, medium: Medium): Layout {
  const cut = cutFiles(scenario, medium.blockSize);
  const files = Object.keys(scenario.files);
  const all = scenario.processes.flatMap(({ operations }, process) =>
    operations.map((operation) => ({ operation, process }))
  );
  const numbers = new Map(all.map(({ operation }, index) => [operation.id, index]));
  if (numbers.size < all.length) throw new RangeError("two operations have one id");
  const fds = all.flatMap(({ operation }) => operation.kind === "open" ? [opened(operation)] : []);
  function opened(operation: Open): Opened {
    const file = files.indexOf(operation.file);
    if (file < 0) throw new RangeError(`${operation.id}: no file ${operation.file}`);
    const { flags } = operation;
    return {
      operation,
      file,
      isDirect: flags.includes("O_DIRECT") && medium.cache === "page_cache",
      isSync: flags.includes("O_DSYNC") || flags.includes("O_SYNC"),
    };
  }
  const fdOf = (name: string, id: string): number => {
    const at = fds.findIndex(({ operation }) => operation.fd === name);
    if (at < 0) throw new RangeError(`${id}: no descriptor ${name}`);
    return at;
  };
  const mappings = all.flatMap(({ operation, process }): readonly Mapped[] => {
    if (operation.kind !== "mmap") return [];
    const fd = fdOf(operation.fd, operation.id);
    const file = fds[fd]?.file ?? 0;
    const range = mappedRange(operation);
    return [{
      operation,
      process,
      file,
      fd,
      pages: spanOf(cut.pages, file, range, cut),
      atoms: spanOf(cut.atoms, file, range, cut),
      isPrivate: operation.sharing === "private",
      isHuge: operation.level === "pmd",
    }];
  });
  const mappingOf = (name: string, id: string): number => {
    const at = mappings.findIndex(({ operation }) => operation.mapping === name);
    if (at < 0) throw new RangeError(`${id}: no mapping ${name}`);
    return at;
  };
  const places = all.map(({ operation, process }, index): Place => {
    const { id } = operation;
    const fd = "fd" in operation && operation.kind !== "mmap"
      ? fdOf(operation.fd, id)
      : operation.kind === "reflink"
      ? fdOf(operation.to, id)
      : -1;
    const mapping = "mapping" in operation ? mappingOf(operation.mapping, id) : -1;
    const file = fd >= 0 ? fds[fd]?.file ?? -1 : mapping >= 0 ? mappings[mapping]?.file ?? -1 : -1;
    const range = rangeOf(operation);
    const buffer = bufferOf(operation);
    const bufferMapping = buffer === undefined ? -1 : mappingOf(buffer.mapping, id);
    const bufferFile = mappings[bufferMapping]?.file ?? -1;
    const bufferRange = buffer === undefined ? range : {
      from: buffer.offset,
      to: buffer.offset + range.to - range.from,
    };
    const nothing = { first: 0, end: 0 };
    return {
      operation,
      index,
      process,
      after: (operation.after ?? []).map((each) => {
        const number = numbers.get(each);
        if (number === undefined) throw new RangeError(`${id}: no operation ${each}`);
        return number;
      }),
      fd,
      mapping,
      file,
      range,
      atoms: file < 0 ? nothing : spanOf(cut.atoms, file, range, cut),
      pages: file < 0 ? nothing : spanOf(cut.pages, file, range, cut),
      bufferMapping,
      bufferAtoms: buffer === undefined ? nothing : spanOf(cut.atoms, bufferFile, bufferRange, cut),
      bufferPages: buffer === undefined ? nothing : spanOf(cut.pages, bufferFile, bufferRange, cut),
    };
  });
  return {
    ...cut,
    scenario,
    medium,
    files,
    filePages: files.map((_, file) => spanOf(cut.pages, file, { from: 0, to: Infinity }, cut)),
    places,
    programs: scenario.processes.map((_, process) =>
      places.filter((place) => place.process === process).map(({ index }) => index)
    ),
    mappings,
    fds,
    values: valuesOf(scenario),
    groups: groupsOf(cut),
    crashes: all.some(({ operation }) => operation.kind === "crash"),
  };
}

function bufferOf(operation: Operation) {
  if (operation.kind === "pread") return operation.into;
  return operation.kind === "pwrite" ? operation.from : undefined;
}

/** Bytes that the operation speaks of; all of the file where it names no range. */
function rangeOf(operation: Operation): Range {
  if (operation.kind === "ftruncate") return { from: operation.length, to: Infinity };
  if (!("offset" in operation)) return { from: 0, to: Infinity };
  const length = "length" in operation ? operation.length : 1;
  return { from: operation.offset, to: operation.offset + length };
}

/** Numbers of the parts of a file that meet a range; an atom's file is its page's. */
function spanOf(
  parts: readonly (Atom | Part)[],
  file: number,
  { from, to }: Range,
  { pages }: Cut,
): Span {
  const meets = (part: Atom | Part): boolean => {
    const own = "file" in part ? part.file : pages[part.page]?.file;
    return own === file && part.from < to && from < part.to;
  };
  const first = parts.findIndex(meets);
  return first < 0 ? { first: 0, end: 0 } : { first, end: parts.findLastIndex(meets) + 1 };
}

/** Zero first, what nobody wrote last. */
function valuesOf({ files, processes }: Scenario): readonly number[] {
  const values = new Set([0]);
  for (const { extents } of Object.values(files)) {
    for (const extent of extents) if (extent.kind === "data") values.add(extent.value);
  }
  for (const operation of processes.flatMap(({ operations }) => operations)) {
    if (operation.kind === "store") values.add(operation.value);
    if (operation.kind === "pwrite" && operation.value !== undefined) values.add(operation.value);
  }
  if (values.has(foreignByte)) throw new RangeError(`${foreignByte} stands for foreign data`);
  if (values.size > 7) throw new RangeError(`${values.size} values of bytes; expected 7 at most`);
  return [...values, foreignByte];
}

function groupsOf({ pages }: Cut): readonly number[] {
  return pages.map(({ file, from }) =>
    pages.findIndex((each) =>
      each.file === file && Math.floor(each.from / pmdSize) === Math.floor(from / pmdSize)
    )
  );
}
