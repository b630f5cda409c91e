/**
 * All that an observation can be to a world, for properties that must hold whatever is seen.
 *
 * @module
 */
import type { Projection } from "../model/check/projection.ts";

const flags = [true, false];
const orders = ["pte", "pmd"] as const;

/** Every projection that the checker can make. */
export function* everyProjection(): Generator<Projection> {
  for (const order of orders) {
    for (const [here, own, perhapsOwn, one] of rows) {
      yield { kind: "hole", order, here, own, perhapsOwn, raced: one };
      for (const [fresh, overtaken, certain, holeVisible] of rows) {
        for (const found of [undefined, "nothing", "protected"] as const) {
          const fault = {
            order,
            here,
            own,
            perhapsOwn,
            fresh,
            found,
            overtaken,
            certain,
            holeVisible,
          };
          for (const allocated of one ? flags : [undefined]) {
            yield { kind: "write_fault", ...fault, allocated };
            yield { kind: "read_fault", ...fault, allocated };
          }
        }
      }
    }
    for (const [unmapsSeen, overtaken, again, readFaultsMark] of rows) {
      for (
        const visit of [
          "visited",
          "doubtful",
          "first_page",
          "vacant",
          "vacant_first_page",
          "unseen",
          "absent",
        ] as const
      ) yield { kind: "cleaned", order, visit, unmapsSeen, overtaken, again, readFaultsMark };
    }
  }
  for (const access of ["nothing", "read", "write"] as const) {
    for (const done of flags) yield { kind: "unmap", done, access };
  }
  for (let slot = 1; slot <= 7; slot++) {
    yield { kind: "sync_begin", slot };
    yield { kind: "sync_left", slot };
    for (const alone of flags) {
      for (const counted of flags) yield { kind: "sync_end", slot, alone, counted };
    }
  }
  for (
    const why of [
      "punch",
      "zero_range",
      "truncate",
      "collapse",
      "insert",
      "layout",
      "invalidate",
      "downgrade",
    ] as const
  ) {
    for (const relation of ["inside", "partial", "outside", "edge", "shifted"] as const) {
      for (const removesWholeEntries of flags) {
        yield { kind: "removal", why, relation, removesWholeEntries };
      }
    }
  }
  for (const breaks of ["nothing", "mappings", "entries"] as const) {
    for (const removes of flags) {
      for (const truncates of flags) yield { kind: "drift", breaks, removes, truncates };
    }
  }
  yield { kind: "store" };
}

/** All rows of four flags. */
const rows = Array.from(
  { length: 16 },
  (_, row) => [row < 8, (row & 4) !== 0, (row & 2) !== 0, (row & 1) !== 0] as const,
);
