/**
 * The picture of a breach of a recording: its story, and what was known at each step.
 *
 * @module
 */
import type { CandidateSet } from "../../../model/check/candidate_set.ts";
import type { MappingId, Where } from "../../../model/check/observation.ts";
import type { Invariant } from "../../../model/invariant.ts";
import { causesOf } from "../../../model/picture/arrows.ts";
import { laneOf, type LaneReader } from "../../../model/picture/lanes.ts";
import type {
  FittingState,
  Picture,
  PictureCall,
  PictureStep,
  StepPart,
  Track,
} from "../../../model/picture/picture.ts";
import { breachDiagram, clockTime, taskName } from "../report/breach_diagram.ts";
import { ofEntry, ofMapping, statesOf } from "../report/fitting_states.ts";
import type { Story } from "./stories.ts";

/** Mappings of a page that are drawn, that of the breach first: more would say no more. */
const mostMappings = 4;

/** Draws a breach. */
export function breachPicture(story: Story, invariant: Invariant): Picture {
  const { breach, steps: wheres } = story;
  const tasks = [...new Set(wheres.map(taskName))];
  const steps = stepsOf(story, tasks);
  const [page] = breach.pgoffs;
  const entry = trackOf(`page ${page ?? 0}`, ofEntry, story, (known) => known?.entry);
  const mappings = mappingsOf(story).map((id) =>
    trackOf(
      story.owners.get(id) ?? "another mapping",
      ofMapping,
      story,
      (known) => known?.mappings.get(id),
    )
  );
  const tracks = [entry, ...mappings].filter((track) => track.lanes.length > 0);
  const concerned = breach.mapping === undefined ? [entry] : [entry, ...mappings.slice(0, 1)];
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

/** Mappings of the page that were seen: that of the breach first, then as they came. */
function mappingsOf({ breach: { mapping }, known }: Story): readonly MappingId[] {
  const seen = known.flatMap((each) => [...each?.mappings.keys() ?? []]);
  return [...new Set(mapping === undefined ? seen : [mapping, ...seen])].slice(0, mostMappings);
}

/** Lanes that say something: what stands idle in every row says nothing, nor does a block that is there. */
function trackOf(
  name: string,
  readers: readonly LaneReader[],
  { steps, known }: Story,
  setOf: (known: Story["known"][number]) => CandidateSet | undefined,
): Track {
  let last: CandidateSet | undefined;
  const rows = Array.from({ length: steps.length + 1 }, (_, row) => {
    const now = known[row];
    return last = now === undefined ? last : setOf(now);
  });
  const seen = rows.flatMap((set) => set === undefined ? [] : statesOf(set, readers))
    .filter(({ ifOnly }) => ifOnly === undefined);
  const shown = readers.filter(({ field, idle }, lane) => {
    const [first, ...others] = new Set(seen.map(({ values }) => values[lane]));
    return others.length > 0 || (first !== idle && field !== "extent" && field !== "entry");
  });
  const sets: (readonly FittingState[])[] = [];
  const places = new Map<CandidateSet | undefined, number>();
  const at = rows.map((set) => {
    const place = places.get(set) ??
      sets.push(set === undefined ? [] : statesOf(set, shown)) - 1;
    places.set(set, place);
    return place;
  });
  const lanes = shown.map((reader) => ({
    ...laneOf(reader),
    name: reader.field === "pte" ? "PTE" : reader.name,
  }));
  return { name, lanes, sets, at };
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
