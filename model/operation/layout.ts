/**
 * A scenario made ready to run: names are numbers, and what each operation touches is known.
 *
 * @module
 */
import { type Atom, type Cut, cutFiles, type CutPart, mappedRange, type Range } from "./cut.ts";
import type { Mmap, Open, Operation } from "./operation.ts";
import { type Medium, pmdSize, type Scenario } from "./scenario.ts";

/** Numbers [first, end) of atoms or pages. */
export interface Span {
  readonly first: number;
  readonly end: number;
}

/** An operation and what it touches. */
export interface OperationPlace {
  readonly operation: Operation;
  /** The operation's number among all. */
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
  /** The file that is cloned or copied, -1 for none. */
  readonly source: number;
  /** The mapping that serves as a buffer, -1 for none; where its bytes lie, or those of the source. */
  readonly bufferMapping: number;
  readonly bufferAtoms: Span;
  readonly bufferPages: Span;
}

/** A mapping: whose, of what. */
interface Mapped {
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
interface Opened {
  readonly operation: Open;
  readonly file: number;
  readonly isDirect: boolean;
  readonly isSync: boolean;
}

/** Everything about a scenario that does not change while it runs. */
export interface ScenarioLayout extends Cut {
  readonly scenario: Scenario;
  readonly medium: Medium;
  readonly files: readonly string[];
  /** Pages of each file. */
  readonly filePages: readonly Span[];
  readonly places: readonly OperationPlace[];
  /** The places as they are where their descriptor is of this file; none if no name changes. */
  readonly placesOn: readonly (readonly OperationPlace[])[];
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
const foreignByte = 0xee;

/**
 * Makes a scenario ready.
 *
 * @throws {RangeError} if an operation names what its process does not have, or there are too many
 * values of bytes
 */
export function layOut(scenario: Scenario, medium: Medium): ScenarioLayout {
  const cut = cutFiles(scenario, medium.blockSize);
  const files = Object.keys(scenario.files);
  const all = scenario.processes.flatMap(({ operations }, process) =>
    operations.map((operation) => ({ operation, process }))
  );
  const numbers = new Map(all.map(({ operation }, index) => [operation.id, index]));
  if (numbers.size < all.length) throw new RangeError("two operations have one id");
  const fds = all.flatMap(({ operation }) =>
    operation.kind === "open" ? [opened(operation, files, medium)] : []
  );
  const mappings = all.flatMap(({ operation, process }) =>
    operation.kind === "mmap" ? [mapped(operation, process, fds, cut)] : []
  );
  const placesOf = (fds: readonly Opened[]): readonly OperationPlace[] =>
    all.map(({ operation, process }, index) =>
      placeOf(operation, process, index, { cut, numbers, fds, mappings })
    );
  const places = placesOf(fds);
  const renames = all.flatMap(({ operation }) => operation.kind === "rename" ? [operation] : []);
  if (renames.length > 0 && mappings.length > 0) {
    throw new RangeError("the model knows no mapping of a file whose name changes");
  }
  const placesOn = renames.length === 0
    ? []
    : files.map((_, file) => placesOf(fds.map((each) => ({ ...each, file }))));
  return {
    ...cut,
    scenario,
    medium,
    files,
    filePages: files.map((_, file) => spanOf(cut.pages, file, { from: 0, to: Infinity }, cut)),
    places,
    placesOn,
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

/** What the names in operations stand for. */
interface Named {
  readonly cut: Cut;
  /** Operations by their ids. */
  readonly numbers: ReadonlyMap<string, number>;
  readonly fds: readonly Opened[];
  readonly mappings: readonly Mapped[];
}

function opened(operation: Open, files: readonly string[], medium: Medium): Opened {
  const { id, file, flags } = operation;
  return {
    operation,
    file: known(files.indexOf(file), `${id}: no file ${file}`),
    isDirect: flags.includes("O_DIRECT") && medium.cache === "page_cache",
    isSync: flags.includes("O_DSYNC") || flags.includes("O_SYNC"),
  };
}

function mapped(operation: Mmap, process: number, fds: readonly Opened[], cut: Cut): Mapped {
  const fd = fdOf(fds, operation.fd, operation.id);
  const file = fds[fd]?.file ?? 0;
  const range = mappedRange(operation);
  return {
    operation,
    process,
    file,
    fd,
    pages: spanOf(cut.pages, file, range, cut),
    atoms: spanOf(cut.atoms, file, range, cut),
    isPrivate: operation.sharing === "private",
    isHuge: operation.level === "pmd",
  };
}

function placeOf(
  operation: Operation,
  process: number,
  index: number,
  { cut, numbers, fds, mappings }: Named,
): OperationPlace {
  const { id } = operation;
  const descriptor = descriptorOf(operation);
  const fd = descriptor === undefined ? -1 : fdOf(fds, descriptor, id);
  const mapping = "mapping" in operation ? mappingOf(mappings, operation.mapping, id) : -1;
  const file = fds[fd]?.file ?? mappings[mapping]?.file ?? -1;
  const range = rangeOf(operation);
  const buffer = bufferOf(operation);
  const bufferMapping = buffer === undefined ? -1 : mappingOf(mappings, buffer.mapping, id);
  const source = "from" in operation && "to" in operation
    ? fds[fdOf(fds, operation.from, id)]?.file ?? -1
    : -1;
  const bufferFile = source < 0 ? mappings[bufferMapping]?.file ?? -1 : source;
  const from = source < 0 ? buffer?.offset ?? 0 : range.from;
  const bufferRange = { from, to: from + range.to - range.from };
  return {
    operation,
    index,
    process,
    after: (operation.after ?? []).map((each) =>
      known(numbers.get(each) ?? -1, `${id}: no operation ${each}`)
    ),
    fd,
    mapping,
    file,
    range,
    atoms: spanOf(cut.atoms, file, range, cut),
    pages: spanOf(cut.pages, file, range, cut),
    source,
    bufferMapping,
    bufferAtoms: spanOf(cut.atoms, bufferFile, bufferRange, cut),
    bufferPages: spanOf(cut.pages, bufferFile, bufferRange, cut),
  };
}

/** Name of the descriptor that the operation works on; of a mapping it does not matter any more. */
function descriptorOf(operation: Operation): string | undefined {
  if (operation.kind === "mmap") return undefined;
  if ("to" in operation) return operation.to;
  return "fd" in operation ? operation.fd : undefined;
}

function fdOf(fds: readonly Opened[], name: string, id: string): number {
  const at = fds.findIndex(({ operation }) => operation.fd === name);
  return known(at, `${id}: no descriptor ${name}`);
}

function mappingOf(mappings: readonly Mapped[], name: string, id: string): number {
  const at = mappings.findIndex(({ operation }) => operation.mapping === name);
  return known(at, `${id}: no mapping ${name}`);
}

function known(index: number, otherwise: string): number {
  if (index < 0) throw new RangeError(otherwise);
  return index;
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

/** Numbers of the parts of a file that meet a range, none for no file; an atom's file is its page's. */
function spanOf(
  parts: readonly (Atom | CutPart)[],
  file: number,
  { from, to }: Range,
  { pages }: Cut,
): Span {
  const meets = (part: Atom | CutPart): boolean => {
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
