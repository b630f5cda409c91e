/**
 * Event vectors before they have their ids: the hand-written ones, and those of explored designs.
 *
 * @module
 */
import type { Design } from "../../../model/design.ts";
import { type Authored, bodyOf } from "../authored/sequence.ts";
import type { EventBody, EventVerdict, Sequence, WorldBounds } from "../../format/event_vector.ts";
import { judgeEvents, ruling } from "../../format/judge_events.ts";
import { flagOf } from "../notes.ts";
import type { SequenceProbe } from "../probes/probe.ts";
import type { Configuration, Derivation, Draft } from "../../format/vector.ts";
import type { Capability, System } from "../../format/vocabulary.ts";

/** An event vector without its id. */
export type EventDraft = Draft<EventBody>;

/** The draft of a hand-written vector. */
export function authoredDraft(authored: Authored): EventDraft {
  const { name, system, about, says, references, flags = [] } = authored;
  const body = bodyOf(authored);
  return {
    handle: `${about}/${name}`,
    system,
    says: `${says}.`,
    invariants: exercised(body),
    provenance: { kind: "authored", references },
    flags: [flagOf(about), ...flags],
    capabilities: capabilitiesOf(body.bounds),
    configuration: { ...configurationOf(body.bounds), ...authored.configuration },
    body,
  };
}

/** What is told of a run that exploration kept. */
export interface Kept {
  readonly handle: string;
  readonly says: string;
  readonly system: System;
  /** The designs that it is a run of. */
  readonly designs: readonly Design[];
  readonly why: Derivation;
  readonly sequence: Sequence;
  readonly verdict: EventVerdict;
}

/** The draft of a run that exploration kept. */
export function derivedDraft(kept: Kept): EventDraft {
  const { handle, system, says, designs, why, sequence, verdict } = kept;
  const body: EventBody = { kind: "event", ...sequence, verdict };
  const invariants = exercised(body);
  const about = verdict.kind === "rejected" ? [verdict.invariant] : invariants;
  return {
    handle,
    system,
    says,
    invariants,
    provenance: { kind: "derived", designs: designs.map(({ id }) => id), why },
    flags: about.map(flagOf),
    capabilities: capabilitiesOf(body.bounds),
    configuration: configurationOf(body.bounds),
    body,
  };
}

/**
 * The draft of a probe; undefined if it has more than one bug, or an event that cannot happen. Then
 * the model has changed since it was found, and it has to be looked for again.
 */
export function probeDraft(probe: SequenceProbe): EventDraft | undefined {
  const { system, tells, about, changes, sequence } = probe;
  const ruled = ruling(judgeEvents(sequence));
  if (ruled.kind !== "accepted" && ruled.kind !== "rejected") return undefined;
  const body: EventBody = { kind: "event", ...sequence, verdict: ruled };
  const invariants = exercised(body);
  return {
    handle: `${about}/told-by-${slug(tells)}`,
    system,
    says: `Not as if ${changes}.`,
    invariants: [about, ...invariants],
    provenance: { kind: "derived", designs: [], why: "probe" },
    flags: [flagOf(about)],
    capabilities: capabilitiesOf(body.bounds),
    configuration: configurationOf(body.bounds),
    body,
  };
}

/** Words of letters and digits, joined by dashes. */
export function slug(text: string): string {
  return (text.match(/[A-Za-z0-9]+/g) ?? []).join("-").toLowerCase();
}

/** Ids that are kept or broken by some event. */
function exercised(body: EventBody): readonly string[] {
  const outcome = judgeEvents(body);
  if (outcome.kind === "impossible") return [];
  return [...outcome.kept, ...outcome.breaches.map(({ invariant }) => invariant)];
}

function capabilitiesOf({ pmdPages, mappings, privateFrom }: WorldBounds): readonly Capability[] {
  const hasPrivate = privateFrom !== undefined && privateFrom < mappings;
  return [
    "events",
    ...(pmdPages > 1 ? ["pmd" as const] : []),
    ...(hasPrivate ? ["private_mmap" as const] : []),
  ];
}

function configurationOf({ folios = 0 }: WorldBounds): Configuration {
  return { cache: folios > 0 ? "page_cache" : "dax", stableWrites: "any", blocks: "any" };
}
