/**
 * The table of contents of the suite: what is in which file, with digests, and what the words mean.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { Json } from "../format/canonical_json.ts";
import {
  type Body,
  type Envelope,
  schemaVersion,
  type SuiteFile,
  suiteVersion,
} from "../format/vector.ts";
import { bugClasses, capabilities, referenceKinds } from "../format/vocabulary.ts";

/** A file of the suite as it is written. */
export interface WrittenFile {
  readonly name: string;
  readonly file: SuiteFile;
  readonly text: string;
}

/** The manifest of these files. */
export function manifestOf(files: readonly WrittenFile[], kills: string): Json {
  const vectors = files.flatMap(({ file }) => file.vectors);
  return {
    schema: schemaVersion,
    suite: suiteVersion,
    counts: { vectors: vectors.length, ...countsOf(vectors) },
    files: files.map(({ name, file: { system, title, vectors }, text }) => ({
      name,
      system,
      title,
      ...digestOf(text),
      vectors: vectors.length,
    })),
    kills: { name: "kills.json", ...digestOf(kills) },
    invariants: invariantsOf(vectors),
    bugClasses: { ...bugClasses },
    capabilities: { ...capabilities },
    referenceKinds: { ...referenceKinds },
  };
}

type Counted = Envelope & Body;

function countsOf(vectors: readonly Counted[]): { readonly [name: string]: Json } {
  return {
    kind: count(vectors.map(({ kind }) => kind)),
    provenance: count(vectors.map(({ provenance }) => provenance.kind)),
    system: count(vectors.map(({ system }) => system)),
  };
}

/** How often each word occurs, sorted by word. */
function count(words: readonly string[]): { readonly [word: string]: number } {
  const groups = [...Map.groupBy(words, (word) => word)].map((
    [word, { length }],
  ) => [word, length]);
  return Object.fromEntries(groups.sort());
}

/** For each invariant how many vectors exercise it, sorted by id. */
function invariantsOf(vectors: readonly Counted[]): Json {
  return count(vectors.flatMap(({ invariants }) => invariants));
}

function digestOf(text: string): { readonly bytes: number; readonly sha256: string } {
  const bytes = new TextEncoder().encode(text);
  return { bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
}
