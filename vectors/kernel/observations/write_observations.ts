/**
 * Writes what a check takes of a trace as a file of observations.
 *
 * @module
 */
import type { Completeness } from "../../../model/check/completeness.ts";
import { isOfDax } from "../../../model/check/recording.ts";
import type { TraceHeader } from "../record.ts";
import type { Onlooker, TraceEnd } from "../trace_judge.ts";
import {
  type ContainsLine,
  observationsVersion,
  type RecordingLine,
  type WrittenLine,
} from "./line.ts";

/** Lines that are handed on at once. */
const many = 1000;

/** An onlooker that hands the lines of the file to `write`, some at a time; `end` writes the last. */
export function observationsWriter(
  header: TraceHeader,
  write: (lines: readonly WrittenLine[]) => void,
): Onlooker {
  let lines: WrittenLine[] = [recordingLine(header)];
  let told: Completeness | undefined;
  let truncating = 0;
  const put = (line: WrittenLine): void => {
    if (lines.push(line) < many) return;
    write(lines);
    lines = [];
  };
  const tell = (completeness: Completeness): void => {
    const { truncatesOn } = completeness;
    // The set grows as devices are met.
    if (completeness === told && truncatesOn.size === truncating) return;
    told = completeness;
    truncating = truncatesOn.size;
    put(containsLine(completeness));
  };
  return {
    record: () => {},
    observed({ dax }, seen) {
      if (isOfDax(seen)) tell(dax.completeness);
      put(seen);
    },
    end({ dax }, end) {
      tell(dax.completeness);
      write([...lines, endLine(end)]);
    },
  };
}

function recordingLine(
  { format, clock, kernel, cpus, entries, facts }: TraceHeader,
): RecordingLine {
  return {
    kind: "recording",
    version: observationsVersion,
    of: format,
    clock,
    ...(kernel === undefined ? {} : { kernel }),
    ...(cpus === undefined ? {} : { cpus }),
    ...(entries === undefined ? {} : { entries }),
    ...(facts === undefined ? {} : { facts }),
  };
}

function containsLine(
  { counted, faults, unmaps, removals, truncatesOn, ...kernelTraits }: Completeness,
): ContainsLine {
  return {
    kind: "contains",
    counted,
    faults,
    unmaps,
    removals,
    truncatesOn: [...truncatesOn],
    kernelTraits,
  };
}

function endLine(end: TraceEnd): WrittenLine {
  return { kind: "end", ...end };
}
