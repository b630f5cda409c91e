/**
 * The envelope of a vector, the same for both kinds, and the file that carries them.
 *
 * A vector is found by its id or by its handle. The id is made from what the vector means and from
 * nothing else: a new handle, a better sentence or another place in the file keep it; another verdict,
 * another event or another configuration make it another vector. The handle is for people.
 *
 * How a kind plugs in: it declares its body (a type without the envelope), builds {@link Draft}s of
 * it, and {@link finish}es them. Event vectors: `event_vector.ts`. Operation vectors:
 * `operation_vector.ts`. Notes are shared by both kinds and stand in `notes.ts`; a draft's flags are
 * their keys.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { canonicalJson, type Json } from "./canonical_json.ts";
import type { BugClass, Capability, ReferenceKind, System } from "./vocabulary.ts";

/**
 * Version of the format. Major: a reader of the old one breaks; minor: something optional is new. A
 * runner refuses a major version that it does not know.
 */
export const schemaVersion = "1.0";

/**
 * Version of the vectors. Major: the format changed; minor: more vectors; patch: a wrong vector was
 * corrected, and the changelog names it.
 */
export const suiteVersion = "0.1.0";

/** Where a fact or a bug can be looked up. */
export interface Reference {
  readonly kind: ReferenceKind;
  readonly id: string;
}

/** What the vector demands of the file system under test; `"any"` where it holds either way. */
export interface Configuration {
  /** What is between a program and the storage. */
  readonly cache: "dax" | "page_cache" | "any";
  /** Whether pages under writeback must not change: checksums, parity, a device that asks for it. */
  readonly stableWrites: "required" | "any";
  /** Blocks of the file system against pages. */
  readonly blocks: "smaller" | "page_size" | "any";
}

/** Who says that the vector is right. */
type Provenance =
  /** Written by hand from its sources; the model must agree. */
  | { readonly kind: "authored"; readonly references: readonly [Reference, ...Reference[]] }
  /** Found by exploring these designs, each of which yields it; the model's, if none is named. */
  | { readonly kind: "derived"; readonly designs: readonly string[]; readonly why: Derivation }
  /** Kept because an implementation, ours or another's, once got it wrong. */
  | { readonly kind: "regression"; readonly references: readonly [Reference, ...Reference[]] };

/** Why exploration kept a run. */
export type Derivation =
  /** No shorter run of the design breaks the invariant. */
  | "shortest_breach"
  /** The vector reaches a step, a judgement or a mutant that no vector before it reaches. */
  | "cover"
  /** A shortest breach of a sound design that lacks one thing: a guard, a lock, a deed. */
  | "mutant"
  /** A run led on by an event that no design has there: a judge must judge that too. */
  | "probe"
  /** Every observation that some schedule of the processes yields. */
  | "all_schedules";

/** What vectors with this flag are about. */
export interface FlagNote {
  readonly bugClass: BugClass;
  /** One sentence: what goes wrong in an implementation that fails such a vector. */
  readonly description: string;
  /** One sentence: what the user loses. */
  readonly effect: string;
  readonly references: readonly Reference[];
}

/** What every vector says of itself besides its body. */
export interface Envelope {
  /** 12 hex digits: see {@link contentId}. */
  readonly id: string;
  /** `DAX-HOLE-1/allocation-behind-a-lookup`: the invariant that it is about first, then words. */
  readonly handle: string;
  readonly system: System;
  /** One sentence: what happens, and what is right. */
  readonly says: string;
  /**
   * Ids of the invariants that the vector exercises, sorted. Of a negative vector, the one that is
   * broken stands in its verdict too.
   */
  readonly invariants: readonly string[];
  readonly provenance: Provenance;
  /** Keys of the file's notes, sorted; at least one. */
  readonly flags: readonly string[];
  /** What an implementation must be able to do to run it, sorted. */
  readonly capabilities: readonly Capability[];
  readonly configuration: Configuration;
  /** Why a vector that kills no mutant is kept; absent where it kills one. */
  readonly stays?: string;
}

/** What a kind of vector adds to the envelope: its `kind`, and everything that gives it meaning. */
export type Body = { readonly kind: "event" | "operation" };

/** A vector before it has its id. */
export type Draft<B extends Body> = Omit<Envelope, "id"> & { readonly body: B };

/** A whole vector: the envelope with the body's fields beside it. */
export type Vector<B extends Body> = Envelope & B;

/**
 * The first 12 hex digits of the SHA-256 of the canonical JSON of a vector's meaning: its body and
 * its configuration. Nothing that only describes it goes in: neither handle, sentence, flags,
 * provenance nor the invariants that happen to be exercised.
 */
export function contentId(configuration: Configuration, body: Body): string {
  const { cache, stableWrites, blocks } = configuration;
  const meaning = canonicalJson({
    configuration: { cache, stableWrites, blocks },
    ...asJson(body),
  });
  return createHash("sha256").update(meaning).digest("hex").slice(0, 12);
}

/** Gives a draft its id and brings its fields and lists into their order. */
export function finish<B extends Body>({ body, ...draft }: Draft<B>): Vector<B> {
  const { handle, system, says, invariants, provenance, flags, capabilities, stays } = draft;
  const { cache, stableWrites, blocks } = draft.configuration;
  return {
    id: contentId(draft.configuration, body),
    handle,
    system,
    says,
    invariants: sorted(invariants),
    provenance,
    flags: sorted(flags),
    capabilities: sorted(capabilities),
    configuration: { cache, stableWrites, blocks },
    ...(stays === undefined ? {} : { stays }),
    ...body,
  };
}

function sorted<T extends string>(words: readonly T[]): readonly T[] {
  return [...new Set(words)].sort();
}

/** A body as JSON: its round trip drops what JSON has no words for. */
function asJson(body: Body): { readonly [key: string]: Json } {
  return JSON.parse(JSON.stringify(body));
}

/** One file of the suite: the vectors of a system, sorted by handle, with the notes that they use. */
export interface SuiteFile<V extends Envelope & Body = Envelope & Body> {
  readonly schema: typeof schemaVersion;
  readonly suite: typeof suiteVersion;
  readonly system: System;
  readonly title: string;
  readonly count: number;
  /** Every note is used by a vector of the file, and every flag is one of these. */
  readonly notes: { readonly [flag: string]: FlagNote };
  readonly vectors: readonly V[];
}
