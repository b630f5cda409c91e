/**
 * The picture of a breach of a recording: its story, and what was known at each step.
 *
 * @module
 */
import type { CandidateSet } from "../../../model/check/candidate_set.ts";
import type { MappingId, Where } from "../../../model/check/observation.ts";
import type { Invariant } from "../../../model/invariant.ts";
import { causesOf } from "../../../model/picture/arrows.ts";
import type {
  Picture,
  PictureCall,
  PictureStep,
  StepPart,
} from "../../../model/picture/picture.ts";
import { breachDiagram, clockTime, taskName } from "../report/breach_diagram.ts";
import { ofEntry, ofMapping, statesOf } from "../report/fitting_states.ts";
import { folioMappings, folioMappingTrack, folioTracks } from "./folio_tracks.ts";
import type { Story } from "./stories.ts";
import { trackOf } from "./track.ts";

/** Mappings of a page that are drawn, that of the breach first: more would say no more. */
const mostMappings = 4;

/** Draws a breach. */
export function breachPicture(story: Story, invariant: Invariant): Picture {
  const { breach, steps: wheres } = story;
  const tasks = [...new Set(wheres.map(taskName))];
  const steps = stepsOf(story, tasks);
  const [page] = breach.pgoffs;
  const entry = trackOf(
    `page ${page ?? 0}`,
    ofEntry,
    rowsOf(story, (known) => known?.entry),
    statesOf,
  );
  const mappings = mappingsOf(story, daxMappings(story)).map((id) =>
    trackOf(
      ownerOf(story, id),
      ofMapping,
      rowsOf(story, (known) => known?.mappings.get(id)),
      statesOf,
    )
  );
  const folio = folioTracks(story.folio);
  const folioMapped = mappingsOf(story, folioMappings(story.folio)).map((id) =>
    folioMappingTrack(story.folio, id, ownerOf(story, id))
  );
  const tracks = [
    entry,
    ...mappings,
    ...[...folio, ...folioMapped].map(({ drawn }) => drawn),
  ].filter((track) => track.lanes.length > 0);
  const first = breach.mapping === undefined ? 0 : 1;
  const concerned = [
    entry,
    ...mappings.slice(0, first),
    ...[...folio, ...folioMapped.slice(0, first)].map(({ causes }) => causes),
  ];
  return {
    tasks,
    steps,
    calls: callsOf(story, tasks),
    tracks,
    arrows: causesOf(steps, concerned),
    diagram: breachDiagram(breach, invariant),
  };
}

function stepsOf({ steps, breach: { violation } }: Story, tasks: readonly string[]) {
  const breachAt = steps.findIndex(({ line }) => line === violation.at.line);
  const proofAt = steps.findIndex(({ line }) => line === violation.proof.line);
  const partOf = (at: number): StepPart =>
    at === breachAt ? "breach" : at === proofAt ? "proof" : "evidence";
  return steps.map((where, at): PictureStep => ({
    task: tasks.indexOf(taskName(where)),
    text: where.text,
    part: partOf(at),
    ...(at === breachAt ? { breaks: violation.id } : {}),
    line: where.line,
    time: clockTime(where.time),
  }));
}

/** Mappings that are drawn: that of the breach first, then as they came. */
function mappingsOf(
  { breach: { mapping } }: Story,
  seen: readonly MappingId[],
): readonly MappingId[] {
  return [...new Set(mapping === undefined ? seen : [mapping, ...seen])].slice(0, mostMappings);
}

/** Mappings of the DAX page that were seen. */
function daxMappings({ known }: Story): readonly MappingId[] {
  return known.flatMap((each) => [...each?.mappings.keys() ?? []]);
}

function ownerOf({ owners }: Story, id: MappingId): string {
  return owners.get(id) ?? "another mapping";
}

/** What fitted in each row; where nothing was looked at, what fitted before. */
function rowsOf(
  { steps, known }: Story,
  setOf: (known: Story["known"][number]) => CandidateSet | undefined,
): readonly (CandidateSet | undefined)[] {
  let last: CandidateSet | undefined;
  return Array.from({ length: steps.length + 1 }, (_, row) => {
    const now = known[row];
    return last = now === undefined ? last : setOf(now);
  });
}

function callsOf({ steps, calls }: Story, tasks: readonly string[]): readonly PictureCall[] {
  const placeOf = ({ line }: Where): number => steps.findIndex((step) => step.line === line);
  return calls.flatMap(({ begin, end }) => {
    const task = tasks.indexOf(taskName(begin));
    const to = end === undefined ? -1 : placeOf(end);
    return task < 0
      ? []
      : [{ task, text: begin.text, from: placeOf(begin), to: to < 0 ? steps.length : to }];
  });
}
