/**
 * What a binary format of traces has to bring: its own bytes at the head, and a reader.
 *
 * @module
 */
import type { ByteSource } from "./byte_source.ts";
import type { TraceReading } from "./ftrace_text.ts";

/** A binary format that is read. */
export interface BinaryFormat {
  /** As users call it: `trace.dat`. */
  readonly name: string;
  /** The first bytes of every file of it. */
  readonly magic: readonly number[];
  /**
   * Begins to read a file whose magic has been seen, and lets go of it when it is done. What is wrong
   * with the file is a value. Of several tracing instances it reads the one that is named; `top` is the
   * one without a name.
   */
  readonly read: (
    source: ByteSource,
    file: string,
    instance?: string,
  ) => TraceReading | Promise<TraceReading>;
}
