/**
 * trace-cmd's binary as one of the formats that are read.
 *
 * @module
 */
import type { BinaryFormat } from "../binary_format.ts";
import { ascii } from "../container.ts";
import { readTraceDat } from "./read_trace_dat.ts";

/** Begins with 17 08 44 "tracing" (trace-cmd.dat.v7(5)). */
export const traceDat: BinaryFormat = {
  name: "trace.dat",
  magic: [0x17, 0x08, 0x44, ...ascii("tracing")],
  read: readTraceDat,
};
