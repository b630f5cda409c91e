/**
 * What the checker believed of files in the page cache before and after one line: each folio, and each
 * open file description, with every state that fitted.
 *
 * @module
 */
import { cursorWorld } from "../../../model/check/page_cache/error_cursor.ts";
import { folioBounds } from "../../../model/check/page_cache/folio_world.ts";
import { knownCursors, knownFolio } from "../../../model/check/page_cache/known.ts";
import type { PageCacheObservation } from "../../../model/check/page_cache/observation.ts";
import { promiseWorld } from "../../../model/check/page_cache/promise.ts";
import type { FittingStates } from "../../../model/check/page_cache/state_sets.ts";
import type { FolioUnderCheck, PageCacheCheck } from "../../../model/check/page_cache/subject.ts";
import type { LaneReader } from "../../../model/picture/lanes.ts";
import type { Bounds } from "../../../model/state.ts";
import { fittingIn, ofCursor, ofData, ofFolio, ofMapping } from "./folio_lanes.ts";

/** What was believed of each thing, by its name: `8:1 inode 12, page 0x1, folio`. */
export type Beliefs = ReadonlyMap<string, readonly string[]>;

/** What is believed of every folio and descriptor that was seen, and not forgotten since. */
export function folioBeliefs(check: PageCacheCheck): Beliefs {
  const found = new Map<string, readonly string[]>();
  for (const { id, folios } of check.files.values()) {
    for (const index of folios.keys()) {
      const folio = knownFolio(check, id, index);
      if (folio === undefined) continue;
      const name = folioName(id, index);
      found.set(name, [
        ...statesText([folio.flags], folioBounds, ofFolio),
        ...folio.data === undefined
          ? []
          : statesText([folio.data], promiseWorld, ofData).map((text) => `its bytes ${text}`),
      ]);
      for (const [mapping, sets] of folio.mappings) {
        const address = Number.parseInt(mapping, 10).toString(16);
        const texts = statesText(sets, folioBounds, ofMapping).map((text) => `page table: ${text}`);
        found.set(`${name}, mapping at 0x${address}`, texts);
      }
    }
    for (const [descriptor, set] of knownCursors(check, id)) {
      const name = `${id.dev} inode ${id.ino}, file ${descriptor}`;
      found.set(name, statesText([set], cursorWorld, ofCursor));
    }
  }
  return found;
}

function folioName({ dev, ino }: { readonly dev: string; readonly ino: number }, index: number) {
  return `${dev} inode ${ino}, page 0x${index.toString(16)}, folio`;
}

/** Folios, as {@linkcode folioBeliefs} names them, by the sync call that must see them written, or by bio. */
export type FoliosUnderWay = ReadonlyMap<number | string, readonly string[]>;

/** The folios that calls and bios in flight have to do with. */
export function foliosUnderWay({ calls, bios }: PageCacheCheck): FoliosUnderWay {
  const nameOf = ({ file, index }: FolioUnderCheck) => folioName(file.id, index);
  return new Map<number | string, readonly string[]>([
    ...[...calls].map(([call, { owed }]) =>
      [call, owed.map(({ folio }) => nameOf(folio))] as const
    ),
    ...[...bios].map(([bio, { folios }]) => [bio, [...folios.keys()].map(nameOf)] as const),
  ]);
}

/** The folios that an observation is of. */
export function foliosSeen(
  seen: PageCacheObservation,
  underWay: FoliosUnderWay,
): readonly string[] {
  if ("folio" in seen) return [folioName(seen.folio.file, seen.folio.index)];
  if (seen.kind === "sync_left") return underWay.get(seen.call) ?? [];
  return "bio" in seen ? underWay.get(seen.bio) ?? [] : [];
}

function statesText(
  sets: readonly FittingStates[],
  bounds: Bounds,
  readers: readonly LaneReader[],
): readonly string[] {
  return fittingIn(bounds)(sets, readers).map(({ values }) =>
    values.map((value, at) => {
      const { name = "", field } = readers[at] ?? {};
      return field === "slot" || field === "media" || field === "pte" ? value : `${name} ${value}`;
    }).join(", ")
  );
}
