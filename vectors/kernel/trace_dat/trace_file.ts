/**
 * What a trace.dat holds, whichever version its parts are laid out by.
 *
 * @module
 */

/** One CPU's part of a buffer. */
export interface CpuData {
  readonly cpu: number;
  /** Where it is in the file, and how many bytes it has there. */
  readonly offset: number;
  readonly size: number;
}

/** A tracing instance: the top one has no name. */
export interface TraceBuffer {
  readonly name: string;
  /** As trace_clock names it: `mono`; undefined if the file does not say. */
  readonly clock: string | undefined;
  /** Bytes of a sub-buffer. */
  readonly pageSize: number;
  /** True if each CPU's data is a count of compressed chunks. */
  readonly compressed: boolean;
  readonly cpus: readonly CpuData[];
}

/** How the chunks of a file are packed. */
export type Compression = "none" | "zlib" | "zstd";

/** What `per_cpu/cpuN/stats` said when the recording ended. */
export interface CpuStats {
  readonly cpu: number;
  /** Name of the instance; empty for the top one. */
  readonly instance: string;
  /** Events that were overwritten or dropped. */
  readonly lost: number;
  /** Events that were read or could be; undefined if the text does not say. */
  readonly count: number | undefined;
}

/** The parts of a file that are read at once; the events stay where they are. */
export interface TraceFile {
  readonly version: 6 | 7;
  readonly littleEndian: boolean;
  /** Bytes of a `long` of the kernel: the width of a sub-buffer's `commit`. */
  readonly longSize: number;
  readonly compression: Compression;
  /** Texts of `events/.../format`, ftrace's own included. */
  readonly formats: readonly { readonly system: string; readonly text: string }[];
  /** The text of /proc/kallsyms. */
  readonly kallsyms: string;
  /** Lines `pid comm`. */
  readonly commandLines: string;
  /** `Linux host 6.12.107 x86_64`, if the file has it. */
  readonly uname: string | undefined;
  readonly stats: readonly CpuStats[];
  readonly buffers: readonly TraceBuffer[];
  /** Set if the trace is of a guest, or holds pointers to those of guests. */
  readonly guests: boolean;
  /** Set by `trace-cmd record --date`. */
  readonly dated: boolean;
}

/** What is wrong with a file, at which byte, and what was expected there. */
export interface BadFile {
  readonly kind: "bad";
  readonly byte: number;
  readonly found: string;
  readonly expected: string;
}

/** A mistake at a byte of the file. */
export function bad(byte: number, found: string, expected: string): BadFile {
  return { kind: "bad", byte, found, expected };
}

/** The file ends before one of its parts does. */
export function cutAt(byte: number): BadFile {
  return bad(byte, "the end of the file", "the rest of the headers: the file is cut");
}

/** True for a size that a sub-buffer may have. */
export function isPageSize(bytes: number): boolean {
  return bytes >= 1024 && bytes <= 16 * 1024 * 1024;
}

/** Sub-buffers of another size. */
export function badPageSize(byte: number, size: number): BadFile {
  return bad(byte, `pages of ${size} bytes`, "1 KiB to 16 MiB");
}

/** Where the parts begin, and what all of them need. */
export interface FileHead {
  readonly littleEndian: boolean;
  readonly longSize: number;
  readonly pageSize: number;
  /** Offset of the first byte after the page size. */
  readonly end: number;
}
