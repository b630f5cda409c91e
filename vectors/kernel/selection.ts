/**
 * A part of a trace: one file, one device, one stretch of time. What is left out is as if it had not
 * been recorded, so that a verdict never becomes stronger by it.
 *
 * @module
 */
import type { AnyObservation } from "../../model/check/recording.ts";
import type { Trace } from "./ftrace_text.ts";
import { eventName, type TraceRecord } from "./record.ts";

/** What is judged of a trace; what is undefined leaves nothing out. */
export interface Selection {
  /** Inode number. */
  readonly inode?: number | undefined;
  /** `259:0`. */
  readonly device?: string | undefined;
  /** Time from which on records count, in the trace's own unit: nanoseconds, or counts of its clock. */
  readonly since?: number | undefined;
  /** Time up to which they do. */
  readonly until?: number | undefined;
}

/** True if an observation is of a file that is judged, or of none. */
function concerns(
  { inode, device }: Selection,
  seen: AnyObservation,
): boolean {
  const file = "folio" in seen ? seen.folio.file : "file" in seen ? seen.file : undefined;
  if (file === undefined) return true;
  return (inode === undefined || file.ino === inode) &&
    (device === undefined || file.dev === device);
}

/** Hands on what concerns the files that are judged. A sync call on another file promises nothing. */
export function selecting(
  selection: Selection,
  take: (seen: AnyObservation) => void,
): (seen: AnyObservation) => void {
  const foreign = new Set<number>();
  return (seen) => {
    if (concerns(selection, seen)) {
      const isForeign = seen.kind === "sync_end" && foreign.delete(seen.call);
      take(isForeign ? { ...seen, promises: false, untold: false } : seen);
    } else if (seen.kind === "sync_file") foreign.add(seen.call);
  };
}

/** By how much times of a trace may run backwards, in its unit: then its end is reached. */
const disorder = 1e9;

/** The trace between two times; it counts what is there, and is as a recording that was made then. */
export function between(trace: Trace, { since = -Infinity, until = Infinity }: Selection): Trace {
  const counts = new Map<string, number>();
  async function* batches() {
    let inside = since === -Infinity;
    for await (const batch of trace.batches) {
      const kept: TraceRecord[] = [];
      for (const record of batch) {
        if (!("time" in record)) {
          if (inside) kept.push(record);
          continue;
        }
        if (record.time > until + disorder) {
          if (kept.length > 0) yield kept;
          return;
        }
        inside = record.time >= since && record.time <= until;
        if (!inside) continue;
        kept.push(record);
        const name = eventName(record);
        counts.set(name, (counts.get(name) ?? 0) + 1);
      }
      yield kept;
    }
  }
  return {
    ...trace,
    header: { ...trace.header, entries: undefined, promised: undefined },
    batches: batches(),
    counts: () => counts,
  };
}
