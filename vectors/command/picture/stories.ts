/**
 * What was known at each step of a breach's story. The trace is checked once more for it, with an
 * onlooker: so a check that asks for no picture carries nothing.
 *
 * @module
 */
import type { CandidateSet } from "../../../model/check/candidate_set.ts";
import {
  fileKey,
  type GapSeen,
  type MappingId,
  type Observation,
  type Where,
} from "../../../model/check/observation.ts";
import type { Check, PageUnderCheck } from "../../../model/check/subject.ts";
import type { BreachFound } from "../../../model/check/verdict.ts";
import type { Onlooker } from "../../kernel/check_trace.ts";
import { stepsThatMatter } from "../report/breach_diagram.ts";

/** What fitted of a page and of its mappings; undefined where nothing had been seen. */
interface Known {
  readonly entry: CandidateSet | undefined;
  readonly mappings: ReadonlyMap<MappingId, CandidateSet>;
}

/** A call that a story tells of, by the lines of its entry and its return. */
interface CallSeen {
  readonly begin: Where;
  /** Undefined as long as it has not returned. */
  end: Where | undefined;
}

/** A breach, step by step. */
export interface Story {
  readonly breach: BreachFound;
  readonly steps: readonly Where[];
  /** What was known before the first step, and after each; undefined where nothing was seen then. */
  readonly known: (Known | undefined)[];
  readonly calls: CallSeen[];
  /** Who has used a mapping: its task, as the trace names it. */
  readonly owners: Map<MappingId, string>;
}

/** The stories of these breaches, and the onlooker that fills them as their trace is checked again. */
export function createStories(
  breaches: readonly BreachFound[],
): { readonly stories: readonly Story[]; readonly onlooker: Onlooker } {
  const stories = breaches.map((breach): Story => ({
    breach,
    steps: stepsThatMatter(breach),
    known: [],
    calls: [],
    owners: new Map(),
  }));
  const byLine: ByLine = Map.groupBy(
    stories.flatMap((story) =>
      [...new Set(story.steps.map(({ line }) => line))].map((line) => ({ line, story }))
    ),
    ({ line }) => line,
  );
  const rows = rowsOf(stories);
  let next = 0;
  const lookUpTo = (check: Check, line: number): void => {
    for (let row = rows[next]; row !== undefined && row.before <= line; row = rows[++next]) {
      row.story.known[row.row] = knownOf(check, row.story);
    }
  };
  const open = new Map<string, Where>();
  return {
    stories,
    onlooker: {
      record: (check, { line }) => lookUpTo(check, line),
      observed(_, observation) {
        if (observation.kind === "gap") return open.clear();
        for (const { story } of byLine.get(observation.where.line) ?? []) name(story, observation);
        follow(open, byLine, observation);
      },
      end: (check) => lookUpTo(check, Infinity),
    },
  };
}

/** A row of a story, and the line before which it stands: all lines up to there have been checked. */
interface Row {
  readonly story: Story;
  readonly row: number;
  readonly before: number;
}

/** The rows of all stories in the order of the trace; row 0 stands before the first step. */
function rowsOf(stories: readonly Story[]): readonly Row[] {
  return stories.flatMap((story) => [
    ...story.steps.slice(0, 1).map(({ line }) => ({ story, row: 0, before: line })),
    ...story.steps.map(({ line }, at) => ({ story, row: at + 1, before: line + 1 })),
  ]).sort((one, other) => one.before - other.before);
}

/** An observation that names a mapping tells whose it is. */
function name({ owners }: Story, observation: Exclude<Observation, GapSeen>): void {
  if (!("mapping" in observation) || owners.has(observation.mapping)) return;
  owners.set(observation.mapping, `${observation.where.task}-${observation.where.pid}`);
}

function knownOf(check: Check, { breach: { file, pgoffs } }: Story): Known {
  const page = pageOf(check, fileKey(file), pgoffs[0]);
  const mappings = [...page?.mappings ?? []].map(([id, { set }]) => [id, set] as const);
  return { entry: page?.entry.set, mappings: new Map(mappings) };
}

function pageOf({ files }: Check, file: string, pgoff: number | undefined) {
  const pages: ReadonlyMap<number, PageUnderCheck> | undefined = files.get(file)?.pages;
  return pgoff === undefined ? undefined : pages?.get(pgoff);
}

type ByLine = ReadonlyMap<number, readonly { readonly story: Story }[]>;

/** Notes where calls begin and end, for the stories that have a line of both or of one. */
function follow(
  open: Map<string, Where>,
  byLine: ByLine,
  observation: Exclude<Observation, GapSeen>,
): void {
  const { kind, where } = observation;
  const storiesAt = (line: number): readonly Story[] =>
    byLine.get(line)?.map(({ story }) => story) ?? [];
  if (kind === "sync_begin" || kind === "removal_begin") {
    open.set(callKey(kind, observation.call), where);
    for (const { calls } of storiesAt(where.line)) calls.push({ begin: where, end: undefined });
  }
  if (kind === "sync_end" || kind === "removal_end") {
    const begin = open.get(callKey(kind, observation.call));
    if (begin === undefined) return;
    open.delete(callKey(kind, observation.call));
    for (const { calls } of storiesAt(begin.line)) {
      const call = calls.find((each) => each.begin === begin);
      if (call !== undefined) call.end = where;
    }
    for (const { calls } of storiesAt(where.line)) {
      if (!calls.some((each) => each.begin === begin)) calls.push({ begin, end: where });
    }
  }
}

function callKey(kind: string, call: number): string {
  return `${kind.startsWith("sync") ? "sync" : "removal"} ${call}`;
}
