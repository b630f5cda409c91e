/**
 * write(2) on DAX files: blocks are there from then on, and nothing maps zeros in their place.
 *
 * @module
 */
import { Last, setLast } from "./moments.ts";
import type { WrittenSeen } from "./observation.ts";
import { knownFile } from "./files.ts";
import { observe } from "./observe.ts";
import { noteSize } from "./pages.ts";
import { pmdPages } from "../page_size.ts";
import type { Check } from "./subject.ts";
import { remember } from "./world.ts";

/**
 * A write has done with these pages. Where it met another task's fault, that one has found either the
 * hole, which the write has undone, or the block: so it may count from here on.
 */
export function checkWritten(check: Check, { file: id, from, to, where }: WrittenSeen): void {
  const file = knownFile(check, id);
  if (file === undefined) return;
  const project = (here: boolean) => check.automaton.project({ kind: "written", here });
  const [here, elsewhere] = [project(true), project(false)];
  for (const [number, { pages }] of file.ranges) {
    if ((number + 1) * pmdPages <= from || number * pmdPages >= to) continue;
    for (const page of pages) {
      const isHere = page.pgoff >= from && page.pgoff < to;
      if (!isHere && page.huge < 0) continue;
      for (const world of page.worlds) {
        if (isHere) remember(check, world, where);
        observe(check, world, isHere ? here : elsewhere, where);
        if (isHere) setLast(check, world, Last.touched, where);
      }
      noteSize(check, page);
    }
  }
}
