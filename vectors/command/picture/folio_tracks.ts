/**
 * The lanes of a breach of the page cache: the folio and its flags, how far its bytes have come, its
 * mappings' PTEs, and what a descriptor was told of errors.
 *
 * @module
 */
import type { MappingId } from "../../../model/check/observation.ts";
import { cursorWorld } from "../../../model/check/page_cache/error_cursor.ts";
import { folioBounds, noFolio } from "../../../model/check/page_cache/folio_world.ts";
import { promiseWorld } from "../../../model/check/page_cache/promise.ts";
import type { StateSet } from "../../../model/check/page_cache/state_sets.ts";
import { type LaneReader, lanesOf } from "../../../model/picture/lanes.ts";
import type { FittingState, Track } from "../../../model/picture/picture.ts";
import { type Bounds, createState, type State, stateOfKey } from "../../../model/state.ts";
import type { FolioStory, KnownThen } from "./folio_story.ts";
import { trackOf } from "./track.ts";

const names = { task: () => "a task", mapping: () => "this mapping" };
const folioLanes = lanesOf(createState(folioBounds), names);

const cachedLane: LaneReader = {
  name: "folio",
  says: "whether the page cache has a folio of the page",
  idle: "not cached",
  field: "slot",
  index: 0,
  valueIn: ({ slot }) => slot[0] === 0 ? "not cached" : "cached",
};

/** The world has one folio: its flags need no number. */
const flagLanes: readonly LaneReader[] = folioLanes
  .filter(({ name }) => name === "PG_dirty 0" || name === "PG_writeback 0")
  .map((lane) => ({
    ...lane,
    name: lane.name.slice(0, -2),
    says: `the flag ${lane.name.slice(0, -2)} of the folio`,
  }));

const ofFolio: readonly LaneReader[] = [cachedLane, ...flagLanes];
const ofMapping = folioLanes.filter(({ field }) => field === "pte");

const ofData: readonly LaneReader[] = [{
  name: "data",
  says: "how far it has come: what is flushed survives a power failure",
  idle: "flushed",
  field: "media",
  index: 0,
  valueIn: dataText,
}];

function dataText({ memory, pending, media }: State): string {
  if (media[0] === memory[0]) return "flushed";
  return pending[0] === memory[0] ? "in the device" : "in memory";
}

const ofCursor: readonly LaneReader[] = [
  ...lanesOf(createState(cursorWorld), names).filter(({ field }) => field === "wbErr"),
  {
    name: "f_wb_err",
    says: "whether the descriptor has been told of the last error",
    idle: "nothing to tell",
    field: "seenErr",
    index: 0,
    valueIn: ({ wbErr, seenErr }) =>
      seenErr[0] !== wbErr[0] ? "not told" : wbErr[0] === 0 ? "nothing to tell" : "told",
  },
];

/** What fits in a row: states of any of the sets; undefined where nothing was seen. */
type Fits = readonly StateSet[] | undefined;

/** What is drawn of a thing, and what of it may have caused the breach. */
interface FolioTrack {
  readonly drawn: Track;
  readonly causes: Track;
}

/** The tracks of the page's folio, of its bytes or the disk's, and of the descriptor. */
export function folioTracks(story: FolioStory): readonly FolioTrack[] {
  const { page, descriptor, breach: { violation } } = story;
  const of = page === undefined ? "the disk" : `page ${page}`;
  return [
    folioTrack(of, story, ofFolio, folioBounds, ({ folio }) => {
      if (folio === undefined) return undefined;
      return [folio === "gone" ? noFolio : folio.flags];
    }),
    folioTrack(
      page === undefined ? of : `${of}, its bytes`,
      story,
      ofData,
      promiseWorld,
      (then) => {
        const { folio, disk } = then;
        const data = folio === undefined || folio === "gone" ? disk : folio.data;
        return data === undefined ? undefined : [data];
      },
    ),
    folioTrack("the descriptor", story, ofCursor, cursorWorld, ({ cursors }, line) => {
      const cursor = descriptor === undefined ? undefined : cursors.get(descriptor);
      // What it has been told once the breach is found, no line tells.
      return cursor === undefined || line >= violation.at.line ? undefined : [cursor];
    }),
  ];
}

/** Mappings of the folio that were seen, as they came. */
export function folioMappings({ known }: FolioStory): readonly MappingId[] {
  const seen = known.flatMap(({ folio }) =>
    folio === undefined || folio === "gone" ? [] : [...folio.mappings.keys()]
  );
  return [...new Set(seen)];
}

/** The track of one mapping of the folio. */
export function folioMappingTrack(story: FolioStory, id: MappingId, name: string): FolioTrack {
  return folioTrack(
    name,
    story,
    ofMapping,
    folioBounds,
    ({ folio }) => folio === undefined || folio === "gone" ? undefined : folio.mappings.get(id),
  );
}

function folioTrack(
  name: string,
  { known, before, steps, breach: { violation } }: FolioStory,
  readers: readonly LaneReader[],
  bounds: Bounds,
  fitsIn: (then: KnownThen, line: number) => Fits,
): FolioTrack {
  const rows = known.map((then, row) => fitsIn(then, steps[row - 1]?.line ?? 0));
  const breachAt = steps.findLastIndex(({ line }) => line === violation.at.line);
  // What lines that are no steps have changed before the breach was not left so by the step before it.
  const last = before === undefined ? undefined : fitsIn(before, 0);
  const settled = rows.map((fits, row) => {
    if (row !== breachAt) return fits;
    return fits === undefined || last === undefined ? undefined : [...fits, ...last];
  });
  const fitting = fittingIn(bounds);
  const causes = readers.filter((reader) => reader !== cachedLane);
  return {
    drawn: trackOf(name, readers, rows, fitting),
    causes: trackOf(name, causes, settled, fitting),
  };
}

function fittingIn(bounds: Bounds) {
  return (
    sets: readonly StateSet[],
    readers: readonly LaneReader[],
  ): readonly FittingState[] => {
    const states = sets.flatMap(({ keys }) => keys).map((key): FittingState => {
      const state = stateOfKey(bounds, key);
      return { values: readers.map(({ valueIn }) => valueIn(state)) };
    });
    return [...new Map(states.map((state) => [state.values.join("\n"), state])).values()];
  };
}
