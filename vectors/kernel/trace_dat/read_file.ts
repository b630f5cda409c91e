/**
 * Reads the head of a trace.dat: which version it is, and by that the parts before the events.
 *
 * Formats: trace-cmd.dat.v6(5) and trace-cmd.dat.v7(5).
 *
 * @module
 */
import type { ByteSource } from "../byte_source.ts";
import { cursorOf } from "./cursor.ts";
import { readVersion6 } from "./read_version_6.ts";
import { readVersion7 } from "./read_version_7.ts";
import { bad, type BadFile, badPageSize, cutAt, isPageSize, type TraceFile } from "./trace_file.ts";

/** 17 08 44 "tracing". */
const magicLength = 10;
/** Bytes that hold the version, the byte order, the sizes and the names of the compression. */
const headLength = 256;

/** Reads everything but the events. The magic has been seen already. */
export function readFile(source: ByteSource): TraceFile | BadFile {
  const bytes = source.read(0, headLength);
  const head = cursorOf(bytes.subarray(magicLength), true);
  const version = head.cString();
  if (version !== "6" && version !== "7") {
    return bad(magicLength, `version ${JSON.stringify(version)} of trace.dat`, "version 6 or 7");
  }
  const littleEndian = head.u8() === 0;
  const longSize = head.u8();
  const sizes = cursorOf(bytes.subarray(magicLength + head.at()), littleEndian);
  const pageSize = sizes.u32();
  if (head.short() || sizes.short()) return cutAt(source.size);
  if (longSize !== 4 && longSize !== 8) {
    return bad(magicLength + head.at() - 1, `a long of ${longSize} bytes`, "4 or 8");
  }
  if (!isPageSize(pageSize)) return badPageSize(magicLength + head.at(), pageSize);
  const file = { littleEndian, longSize, pageSize, end: magicLength + head.at() + sizes.at() };
  return version === "6" ? readVersion6(source, file) : readVersion7(source, file);
}
