/**
 * System C by hand: locks that keep pages out of the cache, and who waits for whom.
 *
 * @module
 */
import type { Event } from "../../../model/event.ts";
import type { LockMode } from "../../../model/mode_lock.ts";
import { direct, folio, written } from "./page_cache_calls.ts";
import { type Authored, breaks, commit, fstests, implies, litmus, seed } from "./sequence.ts";

/** Two files of a page each, X and Y, with a lock each. */
const bounds = { pages: 2, mappings: 0, tasks: 3, folios: 4, blocks: 2, files: 2, locks: 2 };
const start = { extent: [2, 2], block: [1, 2], owner: [1, 2], media: [1, 1], size: [1, 1] };
const [X, Y] = [0, 1];
const names = ["X", "Y"];

/** D writes X from a buffer that maps Y; E writes Y from a buffer that maps X. */
const D = direct({ task: 0, page: X }, 2);
const E = direct({ task: 1, page: Y }, 4);

function lock(task: number, of: number, mode: LockMode): Event {
  return { kind: "lock", task, lock: of, mode, name: `${mode}(${names[of]})` };
}

function unlock(task: number, of: number): Event {
  return { kind: "unlock", task, lock: of };
}

/** A fault of the task on the other file's page: ADD held, the page cached. */
function fault(task: number, page: number): readonly Event[] {
  return [lock(task, page, "ADD"), ...folio({ task, page }).readMiss, unlock(task, page)];
}

/** bcachefs's two-state lock, and gfs2's way without one. */
export const pageCacheLocks: readonly Authored[] = [
  {
    name: "sleeps-on-its-own-lock",
    system: "C",
    about: "LOCK-2",
    says:
      "A direct write whose buffer maps the same file faults, and goes to sleep on the lock that it " +
      "holds itself",
    references: [litmus("L19"), litmus("E8"), seed("002"), fstests("generic/729")],
    bounds,
    start,
    events: [
      D.begin,
      lock(0, X, "BLOCK"),
      D.invalidated,
      breaks("LOCK-2", { kind: "contend", task: 0, lock: X, mode: "ADD", and: "sleeps" }),
    ],
  },
  {
    name: "fault-on-its-own-lock-fails",
    system: "C",
    about: "LOCK-2",
    says:
      "The fault of a direct write on the file that it blocks fails, the page is faulted in by " +
      "hand, and the write completes",
    references: [litmus("L19"), litmus("E8"), seed("002"), commit("b01b2d72da25")],
    bounds,
    start,
    events: [
      D.begin,
      lock(0, X, "BLOCK"),
      D.invalidated,
      { kind: "contend", task: 0, lock: X, mode: "ADD", and: "fails" },
      unlock(0, X),
      fault(0, X),
      lock(0, X, "BLOCK"),
      folio({ task: 0, page: X }).remove("invalidate"),
      D.invalidated,
      D.write,
      D.again,
      unlock(0, X),
      D.end,
    ],
  },
  {
    name: "crossed-writes-in-order",
    system: "C",
    about: "ADD-3",
    says:
      "Of two direct writes that fault on each other's file, the one that holds the higher lock " +
      "drops it, takes the lower, shoots its own file down again, and both complete",
    references: [litmus("L20"), litmus("E8"), seed("002")],
    bounds,
    start,
    events: [
      D.begin,
      lock(0, X, "BLOCK"),
      D.invalidated,
      E.begin,
      lock(1, Y, "BLOCK"),
      E.invalidated,
      { kind: "contend", task: 1, lock: X, mode: "ADD", and: "fails" },
      unlock(1, Y),
      fault(0, Y),
      D.write,
      D.again,
      unlock(0, X),
      D.end,
      lock(1, X, "ADD"),
      unlock(1, X),
      lock(1, Y, "BLOCK"),
      folio({ task: 1, page: Y }).remove("invalidate"),
      E.invalidated,
      fault(1, X),
      E.write,
      E.again,
      unlock(1, Y),
      E.end,
    ],
  },
  {
    name: "crossed-writes-without-a-second-look",
    system: "C",
    about: "ADD-3",
    says:
      "The one that dropped its lock writes without having shot its file down again: what was " +
      "cached meanwhile stays, with the old data",
    references: [litmus("L20"), seed("002")],
    bounds,
    start,
    events: [
      D.begin,
      lock(0, X, "BLOCK"),
      D.invalidated,
      E.begin,
      lock(1, Y, "BLOCK"),
      E.invalidated,
      { kind: "contend", task: 1, lock: X, mode: "ADD", and: "fails" },
      unlock(1, Y),
      fault(0, Y),
      D.write,
      unlock(0, X),
      D.end,
      lock(1, Y, "BLOCK"),
      fault(1, X),
      breaks("ADD-3", E.write),
      unlock(1, Y),
      implies("COH-1", E.end),
    ],
  },
  {
    name: "both-modes-at-once",
    system: "C",
    about: "ADD-1",
    says: "A task that keeps additions out takes the lock again to add a page itself",
    references: [seed("002")],
    bounds,
    start,
    events: [
      D.begin,
      lock(0, X, "BLOCK"),
      D.invalidated,
      breaks("ADD-1", {
        kind: "lock",
        task: 0,
        lock: X,
        mode: "ADD",
        name: "ADD(X)",
        recursive: true,
      }),
    ],
  },
  {
    name: "added-while-blocked",
    system: "C",
    about: "ADD-2",
    says: "A reader that takes no lock adds a page while a direct write keeps additions out",
    references: [seed("002")],
    bounds: { ...bounds, pages: 1, files: 1, locks: 1, blocks: 1 },
    start: written,
    events: [
      D.begin,
      lock(0, X, "BLOCK"),
      D.invalidated,
      breaks("ADD-2", folio({ task: 1, page: X }).add),
    ],
  },
  {
    name: "added-under-the-lock",
    system: "C",
    about: "ADD-2",
    says: "Readers that add pages share the lock, and a direct write waits for all of them",
    references: [seed("002")],
    bounds: { ...bounds, pages: 1, files: 1, locks: 1, blocks: 1 },
    start: written,
    events: [
      lock(1, X, "ADD"),
      lock(2, X, "ADD"),
      folio({ task: 1, page: X }).readMiss,
      unlock(1, X),
      unlock(2, X),
      D.begin,
      lock(0, X, "BLOCK"),
      folio({ task: 0, page: X }).remove("invalidate"),
      D.invalidated,
      D.write,
      unlock(0, X),
      D.end,
    ],
  },
];
