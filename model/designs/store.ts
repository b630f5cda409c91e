/**
 * Programs that store or load through a mapping: the CPU faults until the page table lets it.
 *
 * @module
 */
import { Content, contentOf } from "../content.ts";
import { Pte, pteAccess } from "../page_table.ts";
import type { State } from "../state.ts";
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

/**
 * A load from a page, which has faulted already when it begins, and faults again until something is
 * mapped. Nothing may have been flushed before it: by that it tells data from zeros.
 */
export function loadFrom(mapping: number, page: number, fault: Call): Call {
  return (first, next) => {
    const load = `${first}.access`;
    const isAbsent = (state: State): boolean => pteAccess(state, mapping, page) === Pte.NONE;
    const seesData = (state: State): boolean =>
      pteAccess(state, mapping, page) !== Pte.ZERO &&
      (state.unflushed[page] === 1 || contentOf(state, page) === Content.DATA);
    return [
      ...fault(first, load),
      choice(
        load,
        `load from page ${page}`,
        {
          result: "zeros",
          when: (state) => !isAbsent(state) && !seesData(state),
          events: [{ kind: "load", mapping, page, sees: "zero" }],
          goto: next,
        },
        {
          result: "data",
          when: (state) => !isAbsent(state) && seesData(state),
          events: [{ kind: "load", mapping, page, sees: "data" }],
          goto: next,
        },
        { result: "fault", when: isAbsent, goto: first },
      ),
    ];
  };
}
