/**
 * What is known of the kernel that made a trace, from its version or from the shape of its text.
 *
 * ftrace text does not name its kernel. `--kernel` or a card does; else four latency columns prove
 * 5.15 or older, and system call arguments in bare hexadecimal prove 6.17 or older.
 *
 * @module
 */
import type { TraceHeader } from "./record.ts";

/** What the checker may take for granted about the kernel. */
export interface KernelTraits {
  /** Somebody told the version. */
  readonly versionKnown: boolean;
  /** Every path that removes a part of a PMD entry deletes all of it: true up to 7.2. */
  readonly removesWholeEntries: boolean;
  /** Breaking layouts may delete every entry of the file: 6.15 and later. */
  readonly removesElsewhere: boolean;
  /** Read faults mark entries DIRTY, too: 6.0 and 6.1. */
  readonly readFaultsMark: boolean;
}

/** Traits of a kernel whose version is told (`6.12.107`), or not. */
export function kernelTraits(version: string | undefined, header: TraceHeader): KernelTraits {
  const [major = NaN, minor = NaN] = (version ?? "").split(".").map(Number);
  const from = (first: number, second: number): boolean =>
    major > first || (major === first && minor >= second);
  if (Number.isNaN(major) || Number.isNaN(minor)) {
    return header.latencyColumns === 4 ? oldTraits : newTraits;
  }
  return {
    versionKnown: true,
    removesWholeEntries: !from(7, 3),
    removesElsewhere: from(6, 15),
    readFaultsMark: from(6, 0) && !from(6, 2),
  };
}

/** Of a kernel that is too old for anything but the common ways. */
const oldTraits: KernelTraits = {
  versionKnown: false,
  removesWholeEntries: true,
  removesElsewhere: false,
  readFaultsMark: false,
};

/** Of a kernel up to 6.17, which may be one that deletes all entries when it breaks layouts. */
export const bareTraits: KernelTraits = { ...oldTraits, removesElsewhere: true };

/** Of a kernel that may be newer than any that was read. */
const newTraits: KernelTraits = {
  versionKnown: false,
  removesWholeEntries: false,
  removesElsewhere: true,
  readFaultsMark: false,
};
