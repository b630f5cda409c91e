/**
 * One page that a hole punch or a truncation takes away, and the folio that is cached for it: a small
 * world of the model. Task 0 removes, task 1 is everybody else.
 *
 * @module
 */
import type { Event } from "../../event.ts";
import { Extent } from "../../extent.ts";
import type { Bounds, State } from "../../state.ts";
import { step } from "../../step.ts";
import { type Agreement, createStateSets, type FittingStates } from "./state_sets.ts";

const removalBounds: Bounds = {
  pages: 1,
  pmdPages: 1,
  mappings: 0,
  tasks: 2,
  locals: 0,
  rwsems: 1,
  folios: 1,
  blocks: 1,
};

const sets = createStateSets(removalBounds, ["INV-1", "INV-2", "INV-3", "INV-4", "INV-5"]);

const remover = { task: 0, page: 0 } as const;
const others = { task: 1, page: 0 } as const;
const lock = "invalidate_lock" as const;

const happenings = {
  locked: [{ kind: "acquire", task: remover.task, lock, mode: "exclusive" }],
  unlocked: [{ kind: "release", task: remover.task, lock }],
  /** A folio is added, with no regard for the lock. */
  added: [{ kind: "add_folio", ...others }],
  /** A folio is added under the lock, as everybody must who reads into it. */
  addedUnderLock: [
    { kind: "acquire", task: others.task, lock, mode: "shared" },
    { kind: "add_folio", ...others },
    { kind: "release", task: others.task, lock },
  ],
  lookedUp: [{ kind: "map_blocks", ...others }],
  filled: [{ kind: "read_folio", ...others }, { kind: "unlock_folio", ...others }],
  dirtied: [{ kind: "copy_in", ...others, writes: 2 }, { kind: "mark_dirty", ...others }],
  begun: [
    { kind: "clear_dirty_for_io", ...others },
    { kind: "start_writeback", ...others },
  ],
  written: [{ kind: "write_folio", ...others }, { kind: "end_writeback", ...others }],
  removed: [
    { kind: "put_folio", ...others },
    { kind: "remove_folio", ...remover, why: "punch" },
  ],
  collapsed: [
    { kind: "put_folio", ...others },
    { kind: "remove_folio", ...remover, why: "collapse" },
  ],
  /** The page's block is gone, and the call has returned. */
  gone: [
    { kind: "remove_extent", ...remover, becomes: "hole" },
    { kind: "removal_end", ...remover },
  ],
  read: [{ kind: "observe", ...others }],
} as const satisfies Readonly<Record<string, readonly Event[]>>;

/** What happens to the page. */
export type RemovalHappening = keyof typeof happenings;

/** A page with data on the disk, and nothing cached. */
function onDisk(): State {
  const state = sets.blank();
  state.extent[0] = Extent.MAPPED;
  state.block[0] = 1;
  state.owner[0] = 1;
  state.size[0] = 1;
  state.media[0] = 1;
  return state;
}

function cached(): State {
  const state = onDisk();
  const { added, lookedUp, filled } = happenings;
  for (const event of [...added, ...lookedUp, ...filled]) step(state, event);
  return state;
}

const starts = { onDisk: sets.of([onDisk()]), cached: sets.of([cached()]) } as const;

/** What the model says of the last step of a story, as the lines tell it. */
export function judgeStory(
  id: string,
  start: keyof typeof starts,
  story: readonly RemovalHappening[],
): Agreement | undefined {
  let set: FittingStates = starts[start];
  let says: Agreement | undefined;
  for (const what of story) {
    const next = sets.step(set, happenings[what]);
    says = next.says.get(id);
    set = next.to;
  }
  return says;
}
