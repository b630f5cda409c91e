/**
 * A program that stores through a mapping: the CPU faults until the page table lets it.
 *
 * @module
 */
import { mayStore } from "../tlb.ts";
import type { Call } from "./calls.ts";
import { choice } from "./program.ts";

/** A store to a page, with whatever faults it takes. */
export function storeTo(mapping: number, page: number, fault: Call): Call {
  return (first, next) => [
    choice(
      first,
      `store to page ${page}`,
      {
        when: (state) => mayStore(state, mapping, page),
        events: [{ kind: "store", mapping, page }],
        goto: next,
      },
      {
        result: "fault",
        when: (state) => !mayStore(state, mapping, page),
        goto: `${first}.fault`,
      },
    ),
    ...fault(`${first}.fault`, first),
  ];
}
