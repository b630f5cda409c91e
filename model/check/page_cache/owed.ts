/**
 * What sync calls in flight owe: each folio that was dirty, under writeback or in the device's cache
 * when they were entered, in a small world of its own (`promise.ts`).
 *
 * @module
 */
import type { Where } from "../observation.ts";
import { coverage } from "./flush_epochs.ts";
import { afterwards, owedAt } from "./promise.ts";
import {
  type Cached,
  deviceOf,
  type FolioUnderCheck,
  isBefore,
  type Owed,
  type PageCacheCheck,
  type SyncCallInFlight,
} from "./subject.ts";

/** The call is entered: everything that a crash could take something of is owed. */
export function owe(check: PageCacheCheck, call: SyncCallInFlight): void {
  const { since, file } = call;
  for (const folio of file.unsafe) {
    const owed = owedOf(check, call, folio, since);
    if (owed === undefined) continue;
    call.owed.push(owed);
    folio.owed.push(owed);
  }
}

function owedOf(
  check: PageCacheCheck,
  call: SyncCallInFlight,
  folio: FolioUnderCheck,
  since: Where,
): Owed | undefined {
  const because = [...folio.history];
  const base = { call, folio, because, written: undefined, failed: undefined, returned: undefined };
  if (folio.dirty !== undefined && isBefore(check, folio.dirty, since)) {
    return { ...base, set: owedAt("dirty"), stage: "dirty", data: true };
  }
  if (folio.writing !== undefined) {
    if (!isBefore(check, folio.writing.begin, since)) return undefined;
    return { ...base, set: owedAt("writing"), stage: "writing", data: true };
  }
  const { cached } = folio;
  if (cached === undefined) return undefined;
  const covered = coverage(
    deviceOf(check, cached.dev),
    cached.at,
    (one, other) => isBefore(check, one, other),
  );
  if (covered.kind === "covered") {
    folio.cached = undefined;
    if (folio.dirty === undefined) folio.file.unsafe.delete(folio);
    return undefined;
  }
  if (!isBefore(check, cached.at, since)) return undefined;
  return { ...base, set: owedAt("cached"), stage: "cached", data: false, written: cached };
}

/** The folio is declared clean, or its writeback begins, whichever line comes first. */
export function owedBegun(folio: FolioUnderCheck): void {
  for (const owed of folio.owed) {
    if (owed.stage !== "dirty" && owed.stage !== "failed") continue;
    owed.set = afterwards(owed.set, "writing", true);
    owed.stage = "writing";
  }
}

/** A folio that was declared clean is not written after all. */
export function owedRedirtied(folio: FolioUnderCheck): void {
  for (const owed of folio.owed) {
    if (owed.stage !== "writing") continue;
    owed.set = owedAt("dirty");
    owed.stage = "dirty";
  }
}

/** Writeback of the folio ends: what it held has reached the device, or not. */
export function owedEnded(
  folio: FolioUnderCheck,
  written: Cached | undefined,
  failed: Where | undefined,
): void {
  for (const owed of folio.owed) {
    if (owed.stage !== "writing") continue;
    owed.set = afterwards(owed.set, written === undefined ? "failed" : "written", true);
    owed.stage = written === undefined ? "failed" : "cached";
    owed.written = written;
    owed.failed = failed;
  }
}

/** Nobody waits for it any more. */
export function release(owed: Owed): void {
  const { owed: list } = owed.folio;
  const at = list.indexOf(owed);
  if (at !== -1) list.splice(at, 1);
}
