/**
 * An example of designs of one's own: a sequence count in place of the DAX entry lock. A read fault
 * loads a hole, a write fault allocates its block, and the reader has to notice.
 *
 *     deno task explore vectors/examples/seqcount.ts
 *
 * Elsewhere the first import is from "@pagespec/pagespec/design".
 *
 * @module
 */
import {
  choice,
  type Design,
  does,
  Entry,
  type Event,
  Extent,
  type State,
  type Step,
  task,
  variable,
} from "../../design.ts";

const page = 0;
const [R, W] = [0, 1];
const seq = variable("seq");
const begun = variable("what R began with");

const unchanged = (state: State): boolean => seq.of(state) === begun.of(state);
const changed = (state: State): boolean => !unchanged(state);
const isHole = (state: State): boolean => state.extent[page] === Extent.HOLE;
const enter = (task: number): Event => ({ kind: "call_begin", task, page });
const leave = (task: number): Event => ({ kind: "call_end", task, page });
const load: readonly Event[] = [
  { kind: "insert_entry", task: R, page, order: "pte", value: "zero", dirty: false },
  { kind: "map_page", task: R, page, mapping: R, order: "pte", access: "zero" },
];

/** Looks the page up under the count, and ends with these steps where it is a hole. */
const reader = (...loadHole: readonly Step[]) =>
  task("read fault", R, () => [
    does("enter", "dax_iomap_fault(READ)", enter(R)),
    choice("begin", "read_seqcount_begin()", {
      when: (state) => seq.of(state) % 2 === 0,
      then: (state) => begun.set(state, seq.of(state)),
    }),
    choice(
      "look up",
      "->iomap_begin(0)",
      { result: "HOLE", when: isHole, events: [{ kind: "look_up", task: R, page }] },
      { result: "MAPPED", when: (state) => !isHole(state), goto: "leave" },
    ),
    ...loadHole,
    does("leave", "VM_FAULT_NOPAGE", leave(R)),
  ]);

const count = (state: State): void => seq.set(state, seq.of(state) + 1);
const writer = task("write fault", W, () => [
  does("enter", "dax_iomap_fault(WRITE)", enter(W)),
  choice("begin", "write_seqcount_begin()", { then: count }),
  does("allocate", "->iomap_begin(0, WRITE)", { kind: "allocate", task: W, page }),
  does(
    "insert",
    "dax_insert_entry(0, DIRTY), map it",
    { kind: "unmap_page", mapping: R, page },
    { kind: "insert_entry", task: W, page, order: "pte", value: "pfn", dirty: true },
    { kind: "map_page", task: W, page, mapping: W, order: "pte", access: "write" },
  ),
  choice("end", "write_seqcount_end()", { then: count }),
  does("leave", "VM_FAULT_NOPAGE", leave(W)),
]);

const shared = {
  system: "own" as const,
  source: "an example",
  bounds: {
    pages: 1,
    pmdPages: 1,
    mappings: 2,
    tasks: 2,
    locals: 1,
    variables: [seq.name, begun.name],
  },
  start: (state: State): void => void (state.entry[page] = Entry.EMPTY),
  exempt: { "DAX-HOLE-2": "the count takes the place of the entry lock" },
};

const designs: readonly Design[] = [
  {
    ...shared,
    id: "SEQ-check-first",
    title: "the count is read again, and then the hole is mapped",
    actors: [
      reader(
        choice("retry", "read_seqcount_retry()", { when: unchanged }, {
          result: "changed",
          when: changed,
          goto: "begin",
        }),
        does("load", "dax_load_hole(0)", ...load),
      ),
      writer,
    ],
    breaks: ["DAX-HOLE-1", "DAX-HOLE-3"],
  },
  {
    ...shared,
    id: "SEQ-under-ptl",
    title: "the count is read again under the page table's lock, with the mapping",
    actors: [
      reader(
        choice("load", "read_seqcount_retry(), dax_load_hole(0)", {
          when: unchanged,
          events: load,
        }, { result: "changed", when: changed, goto: "begin" }),
      ),
      writer,
    ],
    breaks: [],
  },
];

export default designs;
