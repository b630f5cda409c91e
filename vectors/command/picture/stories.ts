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
import type { Check } from "../../../model/check/subject.ts";
import type { BreachFound } from "../../../model/check/verdict.ts";
import type { Onlooker } from "../../kernel/check_trace.ts";
import { isOfDax, type RecordingUnderCheck } from "../../../model/check/recording.ts";
import { stepsThatMatter, taskName } from "../report/breach_diagram.ts";
import { type CallEdge, callEdge } from "./call_edges.ts";
import {
  type CallDescriptors,
  createFolioStory,
  type FolioStory,
  followFolio,
  isFollowed,
  knownThen,
  noteDescriptor,
} from "./folio_story.ts";

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
  /** What the check of the page cache knew. */
  readonly folio: FolioStory;
}

/** The stories of these breaches, and the onlooker that fills them as their trace is checked again. */
export function createStories(
  breaches: readonly BreachFound[],
): { readonly stories: readonly Story[]; readonly onlooker: Onlooker } {
  const stories = breaches.map((breach): Story => {
    const steps = stepsThatMatter(breach);
    const folio = createFolioStory(breach, steps);
    return { breach, steps, known: [], calls: [], owners: new Map(), folio };
  });
  const byLine: ByLine = Map.groupBy(
    stories.flatMap((story) =>
      [...new Set(story.steps.map(({ line }) => line))].map((line) => ({ line, story }))
    ),
    ({ line }) => line,
  );
  const rows = rowsOf(stories);
  let next = 0;
  const lookUpTo = ({ dax, pageCache }: RecordingUnderCheck, line: number): void => {
    for (let row = rows[next]; row !== undefined && row.before <= line; row = rows[++next]) {
      const { story } = row;
      const folio = knownThen(story.folio, pageCache);
      if (row.row === "breach") story.folio.before = folio;
      else {
        story.known[row.row] = knownOf(dax, story);
        story.folio.known[row.row] = folio;
      }
    }
  };
  const open = new Map<string, Where>();
  const descriptors: CallDescriptors = new Map();
  return {
    stories,
    onlooker: {
      record: (check, { line }) => lookUpTo(check, line),
      observed(_, seen) {
        if (isOfDax(seen)) {
          if (seen.kind === "gap") return open.clear();
          for (const { story } of byLine.get(seen.where.line) ?? []) name(story, seen);
        } else {
          noteDescriptor(descriptors, seen);
          if (isFollowed(seen)) {
            for (const { folio } of stories) followFolio(folio, seen, descriptors);
          }
          if ("mapping" in seen) {
            for (const story of stories) nameOwner(story, seen.mapping, seen.where);
          }
        }
        const edge = callEdge(seen);
        if (edge !== undefined) follow(open, byLine, edge);
      },
      end: (check) => lookUpTo(check, Infinity),
    },
  };
}

/**
 * A row of a story, or its breach, and the line before which it stands: all lines up to there have been
 * checked.
 */
interface Row {
  readonly story: Story;
  readonly row: number | "breach";
  readonly before: number;
}

/** The rows of all stories in the order of the trace; row 0 stands before the first step. */
function rowsOf(stories: readonly Story[]): readonly Row[] {
  return stories.flatMap((story): readonly Row[] => [
    { story, row: "breach", before: story.breach.violation.at.line },
    ...story.steps.slice(0, 1).map(({ line }) => ({ story, row: 0, before: line })),
    ...story.steps.map(({ line }, at) => ({ story, row: at + 1, before: line + 1 })),
  ]).sort((one, other) => one.before - other.before);
}

/** An observation that names a mapping tells whose it is. */
function name(story: Story, observation: Exclude<Observation, GapSeen>): void {
  if ("mapping" in observation) nameOwner(story, observation.mapping, observation.where);
}

function nameOwner({ owners }: Story, mapping: MappingId, where: Where): void {
  if (!owners.has(mapping)) owners.set(mapping, taskName(where));
}

function knownOf(check: Check, { breach: { file, pgoffs } }: Story): Known {
  const page = pageOf(check, fileKey(file), pgoffs[0]);
  const mappings = (page?.worlds ?? []).flatMap(({ mapping, set }) =>
    mapping === undefined ? [] : [[mapping, set] as const]
  );
  return { entry: page?.entry.set, mappings: new Map(mappings) };
}

function pageOf({ files }: Check, file: string, pgoff: number | undefined) {
  const pages = files.get(file)?.pages;
  return pgoff === undefined ? undefined : pages?.get(pgoff);
}

type ByLine = ReadonlyMap<number, readonly { readonly story: Story }[]>;

/** Notes where calls begin and end, for the stories that have a line of both or of one. */
function follow(open: Map<string, Where>, byLine: ByLine, { edge, key, where }: CallEdge): void {
  const storiesAt = (line: number): readonly Story[] =>
    byLine.get(line)?.map(({ story }) => story) ?? [];
  if (edge === "begin") {
    open.set(key, where);
    for (const story of storiesAt(where.line)) addCall(story, { begin: where, end: undefined });
    return;
  }
  const begin = open.get(key);
  if (begin === undefined) return;
  open.delete(key);
  for (const line of [begin.line, where.line]) {
    for (const story of storiesAt(line)) addCall(story, { begin, end: where });
  }
}

/** A call that both checks tell of is one. */
function addCall({ calls }: Story, call: CallSeen): void {
  const known = calls.find(({ begin }) =>
    begin.line === call.begin.line && begin.pid === call.begin.pid
  );
  if (known === undefined) calls.push(call);
  else known.end ??= call.end;
}
