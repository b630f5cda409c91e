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
import type { FittingStates } from "../../../model/check/page_cache/state_sets.ts";
import type { LaneReader } from "../../../model/picture/lanes.ts";
import type { Track } from "../../../model/picture/picture.ts";
import type { Bounds } from "../../../model/state.ts";
import {
  cachedLane,
  fittingIn,
  ofCursor,
  ofData,
  ofFolio,
  ofMapping,
} from "../report/folio_lanes.ts";
import type { FolioStory, KnownThen } from "./folio_story.ts";
import { trackOf } from "./track.ts";

/** What fits in a row: states of any of the sets; undefined where nothing was seen. */
type Fits = readonly FittingStates[] | undefined;

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
