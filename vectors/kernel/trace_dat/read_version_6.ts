/**
 * The parts of a trace.dat of version 6, which stand one after the other: trace-cmd.dat.v6(5).
 *
 * @module
 */
import type { ByteSource } from "../byte_source.ts";
import { type Cursor, cursorOf } from "./cursor.ts";
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
  cutAt,
  type FileHead,
  type TraceBuffer,
  type TraceFile,
} from "./trace_file.ts";

/** The headers of a version 6 are read in one piece; larger ones are not what trace-cmd writes. */
const largestHeaders = 64 * 1024 * 1024;
/** Words of ten bytes that say what follows. */
const OPTIONS = "options  \0", FLYRECORD = "flyrecord\0", LATENCY = "latency  \0";
const bufferOption = 3;

/** Reads the parts after the page size. */
export function readVersion6(source: ByteSource, head: FileHead): TraceFile | BadFile {
  const { littleEndian, longSize, pageSize } = head;
  const bytes = source.read(head.end, Math.min(largestHeaders, source.size - head.end));
  const cursor = cursorOf(bytes, littleEndian);
  for (const name of ["header_page", "header_event"]) {
    const at = head.end + cursor.at();
    const found = cursor.cString();
    if (cursor.short()) return cutAt(source.size);
    if (found !== name) return bad(at, JSON.stringify(found.slice(0, 40)), `"${name}"`);
    cursor.bytes(cursor.u64());
  }
  const formats = [...readFtraceFormats(cursor), ...readEventFormats(cursor)];
  const kallsyms = cursor.text(cursor.u32());
  cursor.bytes(cursor.u32());
  const commandLines = cursor.text(cursor.u64());
  const cpuCount = cursor.u32();
  const options: FileOptions = newFileOptions();
  const instances: { readonly offset: number; readonly name: string }[] = [];
  let at = head.end + cursor.at();
  let word = cursor.text(10);
  if (word === OPTIONS) {
    readOptions(cursor, littleEndian, options, instances);
    at = head.end + cursor.at();
    word = cursor.text(10);
  }
  if (cursor.short()) return cutAt(source.size);
  if (word === LATENCY) {
    return bad(at, "a trace of a latency tracer, which is text inside trace.dat", FLYRECORD_WORD);
  }
  if (word !== FLYRECORD) return bad(at, JSON.stringify(word), FLYRECORD_WORD);
  const { clock } = options;
  const buffer = (name: string, from: Cursor): TraceBuffer => ({
    name,
    clock,
    pageSize,
    compressed: false,
    cpus: Array.from(
      { length: Math.min(cpuCount, from.left() / 16) },
      (_, cpu) => ({ cpu, offset: from.u64(), size: from.u64() }),
    ),
  });
  const buffers = [buffer("", cursor)];
  for (const { offset, name } of instances) {
    const of = cursorOf(source.read(offset, 10 + 16 * Math.min(cpuCount, 65_536)), littleEndian);
    if (of.text(10) !== FLYRECORD) return bad(offset, "something else", FLYRECORD_WORD);
    buffers.push(buffer(name, of));
  }
  return {
    version: 6,
    littleEndian,
    longSize,
    compression: "none",
    formats,
    kallsyms,
    commandLines,
    uname: options.uname,
    stats: options.stats,
    buffers,
    guests: options.guests,
    dated: options.dated,
  };
}

const FLYRECORD_WORD = '"flyrecord", as `trace-cmd record` and `extract` write it';

function readOptions(
  cursor: Cursor,
  littleEndian: boolean,
  options: FileOptions,
  instances: { readonly offset: number; readonly name: string }[],
): void {
  while (!cursor.short()) {
    const id = cursor.u16();
    if (id === 0) return;
    const length = cursor.u32();
    const data = cursorOf(cursor.bytes(length), littleEndian);
    if (id === bufferOption) instances.push({ offset: data.u64(), name: data.cString() });
    else takeOption(options, id, data, length);
  }
}
