/**
 * Runs of a design as the sequences that vectors carry.
 *
 * @module
 */
import type { Design } from "../../../model/design.ts";
import { type Path, startOf } from "../../../model/run.ts";
import { type Sequence, startFrom, worldBounds } from "../../format/event_vector.ts";

/** The events of a run, with the world in which it begins. Where its actors stand is left out. */
export function sequenceOf(design: Design, path: Path): Sequence {
  return {
    bounds: worldBounds(design.bounds),
    start: startFrom(startOf(design)),
    exempt: Object.keys(design.exempt ?? {}).sort(),
    events: path.flatMap(({ branch }) => branch.events),
  };
}
