/**
 * Every event vector of the suite, before it has its id.
 *
 * @module
 */
import type { Design } from "../../model/design.ts";
import { everyAuthored } from "../authored/every_authored.ts";
import { probes } from "../probes/probe.ts";
import { contentId } from "../vector.ts";
import { authoredDraft, derivedDraft, type EventDraft, probeDraft } from "./event_draft.ts";
import { exploreForVectors, keptBreaches, keptWitnesses } from "./explored.ts";

/**
 * The hand-written vectors, then what exploring these designs adds to them, then the probes: what
 * has been told already is not told again.
 */
export function eventDrafts(designs: readonly Design[]): readonly EventDraft[] {
  const explored = designs.map(exploreForVectors);
  const derived = [...keptBreaches(explored), ...keptWitnesses(explored)].map(derivedDraft);
  const drafts = new Map<string, EventDraft>();
  for (
    const draft of [...everyAuthored.map(authoredDraft), ...derived, ...probes.map(probeDraft)]
  ) {
    const id = contentId(draft.configuration, draft.body);
    if (!drafts.has(id)) drafts.set(id, draft);
  }
  return withOwnHandles([...drafts.values()]);
}

/** A handle that two drafts would have gets a number from the second on. */
function withOwnHandles(drafts: readonly EventDraft[]): readonly EventDraft[] {
  const used = new Map<string, number>();
  return drafts.map((draft) => {
    const times = (used.get(draft.handle) ?? 0) + 1;
    used.set(draft.handle, times);
    return times === 1 ? draft : { ...draft, handle: `${draft.handle}-${times}` };
  });
}
