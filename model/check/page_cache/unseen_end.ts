/**
 * Writebacks whose end is missing from the recording.
 *
 * @module
 */
import type { Where } from "../observation.ts";
import { settleAwaiting } from "./awaiting.ts";
import { forgetMappings } from "./folio_record.ts";
import { owedEnded } from "./owed.ts";
import type { FolioUnderCheck, PageCacheCheck } from "./subject.ts";

/** The folio is not under writeback any more, and the line of its end is missing. */
export function endUnseen(check: PageCacheCheck, folio: FolioUnderCheck, where: Where): void {
  const { writing } = folio;
  if (writing === undefined) return;
  check.findings.misfit ??= where;
  settleAwaiting(check, folio, "unknown", where);
  writing.over = true;
  folio.writing = undefined;
  for (const owed of folio.owed) if (owed.stage === "writing") owed.unsure = true;
  owedEnded(folio, { at: where, dev: writing.dev }, undefined);
  forgetMappings(folio);
}
