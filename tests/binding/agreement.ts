/**
 * Whether the state that the events led to says the same as the world of operations.
 *
 * @module
 */
import { Folio, folioAt } from "../../model/folio.ts";
import { folioOf } from "../../model/operation/folio.ts";
import { Pte, Slot } from "../../model/operation/world.ts";
import { Pte as PteKind, pteAccess } from "../../model/page_table.ts";
import { Entry, entryKind, holderOf, isPmdEntry, Tag, tagOf } from "../../model/xarray.ts";
import { extentOf, sizeOf } from "./file_world.ts";
import type { FileMoment } from "./moment.ts";

const accesses: ReadonlyMap<number, number> = new Map([
  [Pte.NONE, PteKind.NONE],
  [Pte.READ_1, PteKind.READ],
  [Pte.READ_2, PteKind.READ],
  [Pte.WRITE_1, PteKind.WRITE],
  [Pte.WRITE_2, PteKind.WRITE],
  [Pte.DAX_ZERO, PteKind.ZERO],
  [Pte.DAX_READ, PteKind.READ],
  [Pte.DAX_WRITE, PteKind.WRITE],
]);

/** The first thing of which the two do not say the same; undefined if they agree. */
export function disagreement({ transcript, after: world }: FileMoment): string | undefined {
  const { file, state } = transcript;
  const facts: (readonly [string, number, number])[] = [
    ["size", sizeOf(file, world), state.size[0] ?? 0],
  ];
  for (const page of file.pages) {
    const at = file.pageOf(page);
    facts.push([`extent ${at}`, extentOf(file, world, page), state.extent[at] ?? 0]);
    for (const mapping of file.mappings) {
      const pte = world.pte[mapping * file.layout.pages.length + page] ?? 0;
      const number = file.mappingOf(mapping);
      const anonymous = file.isDax ? PteKind.ANON : PteKind.NONE;
      facts.push([
        `pte ${number} ${at}`,
        accesses.get(pte) ?? anonymous,
        pteAccess(state, number, at),
      ]);
    }
    if (file.isDax) {
      const entry = world.entry[page] === Slot.NONE
        ? Entry.NONE
        : world.entry[page] === Slot.ZERO
        ? Entry.ZERO
        : Entry.PFN;
      const kind = entryKind(state, at);
      facts.push(
        [`entry ${at}`, entry, kind === Entry.EMPTY ? Entry.NONE : kind],
        [`DIRTY ${at}`, world.tag[page] ?? 0, tagOf(state, at) & Tag.DIRTY],
      );
      if (entry !== Entry.NONE) {
        facts.push(
          [`PMD ${at}`, world.pmd[page] ?? 0, isPmdEntry(state, at) ? 1 : 0],
          [`lock ${at}`, Number(world.entryLock[page] !== 0), Number(holderOf(state, at) !== 0)],
        );
      }
      continue;
    }
    const [folio, known] = [folioOf(world, page), folioAt(state, at)];
    facts.push([`folio ${at}`, Number(folio >= 0), Number(known >= 0)]);
    const flags = state.folio[known] ?? 0;
    if (folio < 0) continue;
    facts.push(
      [`dirty ${at}`, world.dirty[folio] ?? 0, Number((flags & Folio.DIRTY) !== 0)],
      [
        `writeback ${at}`,
        Number(world.writeback[folio] !== 0),
        Number((flags & Folio.WRITEBACK) !== 0),
      ],
      [`locked ${at}`, Number(world.locked[folio] !== 0), Number(state.locked[known] !== 0)],
    );
  }
  const wrong = facts.find(([, one, other]) => one !== other);
  return wrong === undefined ? undefined : `${wrong[0]} is ${wrong[1]}, events say ${wrong[2]}`;
}
