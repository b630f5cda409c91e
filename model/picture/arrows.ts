/**
 * What led to a breach, as arrows: for each lane that still stood as it had been left, the step that
 * left it so.
 *
 * @module
 */
import type { Arrow, Lane, PictureStep, Track } from "./picture.ts";

/** Arrows into one step at the most: more say nothing. */
const mostCauses = 3;

/**
 * The arrows of a story. `tracks` are those that the invariant is about; the others may show, and
 * cause nothing.
 */
export function causesOf(
  steps: readonly PictureStep[],
  tracks: readonly Track[],
): readonly Arrow[] {
  const breach = steps.findLastIndex(({ part }) => part === "breach");
  if (breach < 0) return [];
  const says = new Map<number, string[]>();
  for (const one of tracks.flatMap(lanesIn)) {
    if (one.lane.loss) continue;
    const value = known(one, breach);
    const since = sinceWhen(one, breach);
    if (value === undefined || value === one.lane.idle || since < 0) continue;
    says.set(since, [...says.get(since) ?? [], sayValue(one.lane, value)]);
  }
  const causes = [...says].sort(([one], [other]) => one - other).slice(-mostCauses)
    .map(([from, words]): Arrow => {
      const says = `${words.join(", ")} since here`;
      return { from, to: breach, says, saidAt: from };
    });
  return [...causes, ...proofOf(steps, breach), ...lossesOf(steps, tracks, breach)];
}

/** `DIRTY`, `PTE writable`, `entry lock held by fsync 1`. */
function sayValue({ name, idle }: Lane, value: string): string {
  if (value === "set") return name;
  return idle === "free" ? `${name} held by ${value}` : `${name} ${value}`;
}

/** Where it became certain, if that is a later step. */
function proofOf(steps: readonly PictureStep[], breach: number): readonly Arrow[] {
  const proof = steps.findIndex(({ part }) => part === "proof");
  if (proof <= breach) return [];
  const { line } = steps[proof] ?? {};
  const where = line === undefined ? `step ${proof + 1}` : `line ${line}`;
  return [{ from: breach, to: proof, says: `known for certain at ${where}`, saidAt: breach }];
}

/** What began after the breach and has no end in the story: it is what is lost. */
function lossesOf(
  steps: readonly PictureStep[],
  tracks: readonly Track[],
  breach: number,
): readonly Arrow[] {
  return tracks.flatMap(lanesIn).flatMap((one): readonly Arrow[] => {
    const value = known(one, steps.length);
    const since = sinceWhen(one, steps.length);
    if (!one.lane.loss || value === undefined || value === one.lane.idle) return [];
    if (since <= breach) return [];
    return [{ from: breach, to: since, says: `lost: ${value}`, saidAt: since }];
  });
}

/** The step since which a lane has been as it is in a row; -1 if no step of the story left it so. */
function sinceWhen(one: LaneOfTrack, row: number): number {
  const value = known(one, row);
  let since = row;
  while (since > 0 && known(one, since - 1) === value) since--;
  return since - 1;
}

/** A lane, and where it stands in its track. */
interface LaneOfTrack {
  readonly track: Track;
  readonly lane: Lane;
  readonly at: number;
}

function lanesIn(track: Track): readonly LaneOfTrack[] {
  return track.lanes.map((lane, at) => ({ track, lane, at }));
}

/**
 * The lane's value in a row, row 0 being what fits before the first step; undefined if several fit. What
 * rests on something that no line shows is left out, where a state that does not fits too.
 */
function known({ track: { sets, at: rows }, at }: LaneOfTrack, row: number): string | undefined {
  const all = sets[rows[row] ?? -1] ?? [];
  const plain = all.filter(({ ifOnly }) => ifOnly === undefined);
  const [first, ...others] = plain.length > 0 ? plain : all;
  const value = first?.values[at];
  return others.every(({ values }) => values[at] === value) ? value : undefined;
}
