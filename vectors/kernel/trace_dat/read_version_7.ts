/**
 * The sections of a trace.dat of version 7, which options point to: trace-cmd.dat.v7(5).
 *
 * @module
 */
import type { ByteSource } from "../byte_source.ts";
import { type Cursor, cursorOf } from "./cursor.ts";
import { decompress, largestSection } from "./decompress.ts";
import {
  type FileOptions,
  newFileOptions,
  readEventFormats,
  readFtraceFormats,
  takeOption,
} from "./parts.ts";
import {
  bad,
  type BadFile,
  badPageSize,
  type Compression,
  cutAt,
  type FileHead,
  isPageSize,
  type TraceBuffer,
  type TraceFile,
} from "./trace_file.ts";

/** Numbers of options that point to a section, or to a buffer. */
const OPTION = {
  done: 0,
  buffer: 3,
  ftraceFormats: 17,
  eventFormats: 18,
  kallsyms: 19,
  commandLines: 21,
  bufferText: 22,
} as const;
const sectionHeader = 16;
const compressedFlag = 1;
/** Options sections that are followed at most: trace-cmd writes three. */
const mostOptions = 64;

/** Where the sections are. */
interface Sections extends FileOptions {
  readonly at: Map<number, number>;
  readonly buffers: TraceBuffer[];
  text: boolean;
}

/** Reads the sections. */
export function readVersion7(source: ByteSource, head: FileHead): TraceFile | BadFile {
  const { littleEndian, longSize } = head;
  const cursor = cursorOf(source.read(head.end, 128), littleEndian);
  const name = cursor.cString();
  cursor.cString();
  const first = cursor.u64();
  if (cursor.short()) return cutAt(source.size);
  const compression = compressionOf(name);
  if (compression === undefined) {
    return bad(head.end, `compression by ${JSON.stringify(name)}`, "none, zlib or zstd");
  }
  const reader: SectionReader = { source, littleEndian, compression };
  const sections: Sections = {
    at: new Map(),
    buffers: [],
    text: false,
    ...newFileOptions(),
  };
  const broken = followOptions(reader, first, sections);
  if (broken !== undefined) return broken;
  if (sections.buffers.length === 0) {
    return sections.text
      ? bad(first, "a trace of a latency tracer, which is text inside trace.dat", "events")
      : bad(first, "no buffer", "the events of `trace-cmd record` or `extract`");
  }
  const part = <T>(id: number, read: (cursor: Cursor) => T, none: T): T | BadFile => {
    const offset = sections.at.get(id);
    if (offset === undefined) return none;
    const section = readSection(reader, offset);
    if (isBad(section)) return section;
    const value = read(section);
    return section.short() ? bad(offset, "a section that ends too early", "all of it") : value;
  };
  const ftraceFormats = part<TraceFile["formats"]>(OPTION.ftraceFormats, readFtraceFormats, []);
  if (isBad(ftraceFormats)) return ftraceFormats;
  const eventFormats = part<TraceFile["formats"]>(OPTION.eventFormats, readEventFormats, []);
  if (isBad(eventFormats)) return eventFormats;
  const kallsyms = part(OPTION.kallsyms, (section) => section.text(section.u32()), "");
  if (isBad(kallsyms)) return kallsyms;
  const commandLines = part(OPTION.commandLines, (section) => section.text(section.u64()), "");
  if (isBad(commandLines)) return commandLines;
  return {
    version: 7,
    littleEndian,
    longSize,
    compression,
    formats: [...ftraceFormats, ...eventFormats],
    kallsyms,
    commandLines,
    uname: sections.uname,
    stats: sections.stats,
    buffers: sections.buffers,
    guests: sections.guests,
    dated: sections.dated,
  };
}

/** What it takes to read a section. */
interface SectionReader {
  readonly source: ByteSource;
  readonly littleEndian: boolean;
  readonly compression: Compression;
}

function compressionOf(name: string): Compression | undefined {
  return name === "none" || name === "zlib" || name === "zstd" ? name : undefined;
}

function isBad<T>(value: T | BadFile): value is BadFile {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "bad";
}

/** A section's own bytes, unpacked. */
function readSection(reader: SectionReader, offset: number): Cursor | BadFile {
  const { source, littleEndian, compression } = reader;
  const head = cursorOf(source.read(offset, sectionHeader), littleEndian);
  head.u16();
  const flags = head.u16();
  head.u32();
  const size = head.u64();
  if (head.short()) return cutAt(source.size);
  const from = offset + sectionHeader;
  if (size > source.size - from) return cutAt(source.size);
  if ((flags & compressedFlag) === 0) {
    if (size > largestSection) return bad(offset, `a section of ${size} bytes`, "64 MiB at most");
    return cursorOf(source.read(from, size), littleEndian);
  }
  const sizes = cursorOf(source.read(from, 8), littleEndian);
  const [packed, unpacked] = [sizes.u32(), sizes.u32()];
  const bytes = decompress(compression, source.read(from + 8, packed), unpacked, largestSection);
  if (bytes === undefined) {
    return bad(from + 8, `a section whose ${compression} data are damaged`, `${unpacked} bytes`);
  }
  return cursorOf(bytes, littleEndian);
}

function followOptions(
  reader: SectionReader,
  first: number,
  sections: Sections,
): BadFile | undefined {
  let offset = first;
  for (let count = 0; offset !== 0; count++) {
    if (count === mostOptions) return bad(offset, "options without end", "a last one");
    const options = readSection(reader, offset);
    if (isBad(options)) return options;
    offset = 0;
    for (let id = -1; id !== OPTION.done;) {
      id = options.u16();
      const length = options.u32();
      const data = cursorOf(options.bytes(length), reader.littleEndian);
      if (options.short()) return bad(first, "options that end too early", "option 0, the last");
      if (id === OPTION.done) offset = data.u64();
      else {
        const broken = takeVersion7(reader, sections, id, data, length);
        if (broken !== undefined) return broken;
      }
    }
  }
  return undefined;
}

function takeVersion7(
  reader: SectionReader,
  sections: Sections,
  id: number,
  data: Cursor,
  length: number,
): BadFile | undefined {
  if (id === OPTION.buffer) {
    const buffer = readBuffer(reader, data);
    if (isBad(buffer)) return buffer;
    sections.buffers.push(buffer);
  } else if (id === OPTION.bufferText) sections.text = true;
  else if (id >= OPTION.ftraceFormats && id <= OPTION.commandLines) {
    sections.at.set(id, data.u64());
  } else takeOption(sections, id, data, length);
  return undefined;
}

function readBuffer(
  { source, littleEndian }: SectionReader,
  data: Cursor,
): TraceBuffer | BadFile {
  const offset = data.u64();
  const section = cursorOf(source.read(offset, sectionHeader), littleEndian);
  const id = section.u16();
  const compressed = (section.u16() & compressedFlag) !== 0;
  const name = data.cString();
  const clock = data.cString();
  const pageSize = data.u32();
  const count = data.u32();
  if (section.short() || data.short() || count > data.left() / 20 || id !== OPTION.buffer) {
    return bad(
      offset,
      "no buffer, or one whose CPUs are not all listed",
      "the section of a buffer",
    );
  }
  if (!isPageSize(pageSize)) return badPageSize(offset, pageSize);
  const cpus = Array.from({ length: count }, () => ({
    cpu: data.u32(),
    offset: data.u64(),
    size: data.u64(),
  }));
  return { name, clock: clock === "" ? undefined : clock, pageSize, compressed, cpus };
}
