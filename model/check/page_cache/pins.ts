/**
 * The end of a read into a mapped file: its pins are given back, and what the device has written to is
 * marked dirty, though the file system was not asked (PIN-3).
 *
 * A recording shows the breach alone: of a page that is dirty still, no line tells.
 *
 * @module
 */
import type { Event } from "../../event.ts";
import { Folio } from "../../folio.ts";
import type { Bounds } from "../../state.ts";
import { breachOf } from "./findings.ts";
import { folioOf } from "./folio_record.ts";
import type { PinnedDirtiedSeen } from "./observation.ts";
import { createStateSets, type FittingStates } from "./state_sets.ts";
import type { PageCacheCheck } from "./subject.ts";

const world: Bounds = {
  pages: 1,
  pmdPages: 1,
  mappings: 0,
  tasks: 1,
  locals: 0,
  folios: 1,
  blocks: 1,
};
const sets = createStateSets(world, ["PIN-3"]);

/** A folio that is clean, and that a task has pinned. */
function pinned(): FittingStates {
  const state = sets.blank();
  state.slot[0] = 1;
  state.hand[0] = 1;
  state.backing[0] = 1;
  state.block[0] = 1;
  state.folio[0] = Folio.UPTODATE;
  state.pinned[0] = 1;
  return sets.of([state]);
}

const marks: Event = { kind: "mark_pinned_dirty", task: 0, page: 0 };
const says = sets.judge(pinned(), marks).get("PIN-3");

/** Takes down what the release of a pin has done. */
export function pinnedDirtied(check: PageCacheCheck, seen: PinnedDirtiedSeen): void {
  if (says !== "broken") return;
  const folio = folioOf(check, seen.folio);
  check.findings.violations.push(breachOf("PIN-3", {
    file: folio.file.id,
    pgoffs: [folio.index],
    at: seen.where,
    because: folio.history,
  }));
}
