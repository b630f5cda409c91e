/**
 * From the model and the hand-written vectors to the bytes of the suite: a pure function.
 *
 * @module
 */
import type { Design } from "../../model/design.ts";
import { designs } from "../../model/designs/catalogue.ts";
import { bugNames, bugs } from "../../model/operation/bugs.ts";
import { everyOperationDraft } from "./authored/operations/every_draft.ts";
import type { Json } from "../format/canonical_json.ts";
import { eventDrafts } from "./derive/event_drafts.ts";
import type { AnyVector } from "../format/any_vector.ts";
import { type KillMatrix, matrixJson, type MutantRow } from "./kill_matrix.ts";
import { manifestOf, type WrittenFile } from "./manifest.ts";
import { designMutants } from "./mutants/design_mutants.ts";
import { designRows, judgeRows } from "./mutants/event_rows.ts";
import { notes } from "./notes.ts";
import { suiteText } from "./suite_text.ts";
import {
  finish,
  type FlagNote,
  schemaVersion,
  type SuiteFile,
  suiteVersion,
} from "../format/vector.ts";
import { type System, systems } from "../format/vocabulary.ts";

/** The suite before it is written down. */
interface Suite {
  readonly files: readonly SuiteFile<AnyVector>[];
  readonly kills: KillMatrix;
}

/** Everything that the suite says, from these designs and from what is written by hand. */
function buildSuite(from: readonly Design[]): Suite {
  const mutants = designMutants(from);
  const events = eventDrafts(from, mutants).map((draft) => finish(draft));
  const drafted = everyOperationDraft().map(({ draft, kills }) => ({
    vector: finish(draft),
    kills,
  }));
  const rows = [
    ...judgeRows(events),
    ...designRows(from, mutants, events),
    ...bugNames.map((bug): MutantRow => ({
      id: `operations/${bug}`,
      of: "operations",
      changes: bugs[bug].says,
      killedBy: drafted.filter(({ kills }) => kills.includes(bug)).map(({ vector }) => vector.id),
      equivalent: undefined,
    })),
  ];
  const vectors = explained([...events, ...drafted.map(({ vector }) => vector)], rows);
  const files = letters().map((system) => fileOf(system, vectors));
  const columns = files.flatMap(({ vectors }) => vectors);
  return {
    files,
    kills: { vectors: columns.map(({ id, handle }) => ({ id, handle })), mutants: rows },
  };
}

/** The names and texts of the files of a suite of these designs; the same on every machine. */
export function generate(from: readonly Design[] = designs): ReadonlyMap<string, string> {
  const { files, kills } = buildSuite(from);
  const written = files.map((file): WrittenFile => ({
    name: `${file.system}.json`,
    file,
    text: suiteText(asJson(file)),
  }));
  const matrix = suiteText(matrixJson(kills));
  return new Map([
    ...written.map(({ name, text }) => [name, text] as const),
    ["kills.json", matrix],
    ["manifest.json", suiteText(manifestOf(written, matrix))],
  ]);
}

/** A vector that kills no mutant says why it stays. */
function explained(
  vectors: readonly AnyVector[],
  rows: readonly MutantRow[],
): readonly AnyVector[] {
  const killers = new Set(rows.flatMap(({ killedBy }) => killedBy));
  return vectors.map((vector) =>
    killers.has(vector.id) ? vector : { ...vector, stays: why(vector) }
  );
}

function why({ provenance }: AnyVector): string {
  return provenance.kind === "derived"
    ? `no other vector takes a step that it takes: ${provenance.designs.join(", ")}`
    : "it states what its sources say; an implementation other than the model may fail it";
}

function letters(): readonly System[] {
  return Object.keys(systems).filter((letter): letter is System => letter in systems);
}

function fileOf(system: System, all: readonly AnyVector[]): SuiteFile<AnyVector> {
  const vectors = all.filter((vector) => vector.system === system)
    .sort((one, other) => one.handle < other.handle ? -1 : 1);
  const used = new Set(vectors.flatMap(({ flags }) => flags));
  const known: readonly (readonly [string, FlagNote])[] = Object.entries(notes);
  return {
    schema: schemaVersion,
    suite: suiteVersion,
    system,
    title: systems[system],
    count: vectors.length,
    notes: Object.fromEntries(known.filter(([flag]) => used.has(flag))),
    vectors,
  };
}

/** What JSON has words for. */
function asJson(value: object): Json {
  return JSON.parse(JSON.stringify(value));
}
