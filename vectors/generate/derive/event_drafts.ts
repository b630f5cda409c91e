/**
 * Every event vector of the suite, before it has its id.
 *
 * @module
 */
import type { Design } from "../../../model/design.ts";
import { everyAuthored } from "../authored/every_authored.ts";
import type { DesignMutant } from "../mutants/design_mutants.ts";
import { probes } from "../probes/probe.ts";
import { contentId } from "../../format/vector.ts";
import { authoredDraft, derivedDraft, type EventDraft, probeDraft } from "./event_draft.ts";
import { exploreForVectors, keptBreaches, keptWitnesses } from "./explored.ts";
import { keptMutantBreaches } from "./mutant_breaches.ts";

/**
 * The hand-written vectors, then what exploring these designs adds to them, then what their mutants
 * need, then the probes: what has been told already is not told again.
 */
export function eventDrafts(
  designs: readonly Design[],
  mutants: readonly DesignMutant[],
): readonly EventDraft[] {
  const explored = designs.map(exploreForVectors);
  const drafts = unique([
    ...everyAuthored.map(authoredDraft),
    ...[...keptBreaches(explored), ...keptWitnesses(explored)].map(derivedDraft),
  ]);
  const rejected = drafts.map(({ body }) => body).filter(({ verdict }) =>
    verdict.kind === "rejected"
  );
  return withOwnHandles(unique([
    ...drafts,
    ...keptMutantBreaches(mutants, rejected).map(derivedDraft),
    ...probes.flatMap((probe) => probeDraft(probe) ?? []),
  ]));
}

function unique(drafts: readonly EventDraft[]): readonly EventDraft[] {
  const byId = new Map<string, EventDraft>();
  for (const draft of drafts) {
    const id = contentId(draft.configuration, draft.body);
    if (!byId.has(id)) byId.set(id, draft);
  }
  return [...byId.values()];
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
