/**
 * Probes: short sequences that tell a judge with one thing wrong from the model, where no run of a
 * design and nothing that is written by hand does.
 *
 * They were found by `search.ts`, which is not part of generating the suite: what it found is kept in
 * `probes.json`, and the model gives each its verdict anew.
 *
 * @module
 */
import type { Sequence } from "../../format/event_vector.ts";
import type { System } from "../../format/vocabulary.ts";
import stored from "./probes.json" with { type: "json" };

/** A sequence, and what it was found for. */
export interface SequenceProbe {
  readonly system: System;
  /** Id of the mutant that it tells from the model. */
  readonly tells: string;
  /** The invariant about which that mutant is wrong here. */
  readonly about: string;
  /** What that mutant does wrong. */
  readonly changes: string;
  readonly sequence: Sequence;
}

/** Every probe, in the order of the systems. JSON carries no types; the suite's schema checks them. */
export const probes: readonly SequenceProbe[] = JSON.parse(JSON.stringify(stored));
