/**
 * System C: direct writes of gfs2, whose locks hold in the whole cluster (chapter 3,
 * mutation `gfsNofault`).
 *
 * D on one node writes directly to file X from a mapping of Y; E on another node writes to Y from a
 * mapping of X. No lock of either node's kernel keeps the two apart, only the glocks of the files. Or
 * D writes to X from a mapping of X itself.
 *
 * @module
 */
import type { Actor, Design, Step } from "../design.ts";
import { invalidate } from "./direct_write_steps.ts";
import { lockable } from "../mode_lock.ts";
import { files, type Locking, lockStep, unlockStep } from "./mode_lock_steps.ts";
import { cacheFolio, uptodate } from "./page_cache_steps.ts";
import { choice, does } from "./program.ts";
import { crossed, type DirectWrite, twoFiles, withinOneFile } from "./two_files.ts";

function nameOf(file: number): string {
  return `glock ${files[file] ?? file}`;
}

function deferred({ task, to }: DirectWrite): Locking {
  return { task, lock: to, mode: "DEFERRED" };
}

/** gfs2_fault on the buffer: its glock shared, then the page. */
function fault(write: DirectWrite): readonly Step[] {
  const { task, from } = write;
  const [, ...fill] = cacheFolio({ task, page: from }, { hit: "filled" });
  return [
    lockStep("fault lock", { task, lock: from, mode: "SHARED" }, nameOf(from)),
    ...fill,
    does(
      "filled",
      `folio ${from} is uptodate`,
      { kind: "put_folio", task, page: from },
      { kind: "unlock", task, lock: from },
    ),
  ];
}

function directWrite(write: DirectWrite, fromFault: (pinned: string) => readonly Step[]): Actor {
  const { name, task, to, from } = write;
  const on = { task, page: to };
  return {
    name,
    task,
    environment: false,
    program: [
      does("begin", `gfs2_file_direct_write(${to})`, { kind: "direct_begin", ...on }),
      lockStep("lock", deferred(write), nameOf(to)),
      invalidate("invalidate", on, [{ kind: "invalidated", ...on }]),
      choice(
        "pin",
        `pin_user_pages(mapping of page ${from})`,
        { result: "not present", when: (state) => !uptodate(from)(state) },
        { result: "present", when: uptodate(from), goto: "submit" },
      ),
      ...fromFault("pin"),
      does("submit", `the device writes page ${to}`, {
        kind: "direct_write",
        ...on,
        writes: 2 << task,
      }),
      does(
        "end",
        "the direct write returns",
        { kind: "unlock", task, lock: to },
        { kind: "direct_end", ...on, writes: 2 << task },
      ),
    ],
  };
}

/** Up to v5.15: the fault is taken where it happens, under the glock of the written file. */
function faulting(write: DirectWrite): Actor {
  return directWrite(write, (pin) => [
    ...fault(write),
    choice("again", "the fault is done", { goto: pin }),
  ]);
}

/** Since v5.16: the write stops at the page, lets go of its glock, faults it in and tries again. */
function nofault(write: DirectWrite): Actor {
  return directWrite(write, () => [
    unlockStep("drop", deferred(write), nameOf(write.to)),
    ...fault(write),
    choice("again", "fault_in_iov_iter_readable is done", { goto: "lock" }),
  ]);
}

/**
 * Kent Overstreet's question: with an order of glocks and a trylock, a fault waits for a lock that comes
 * later, and only tries one that comes earlier. If it does not get that, the write lets go of its own,
 * waits, and begins again.
 */
function trylocking(write: DirectWrite): Actor {
  const { task, to, from } = write;
  if (from > to) return faulting(write);
  const request = { task, lock: from, mode: "SHARED" } as const;
  const [, ...filled] = fault(write);
  const byHand = fault(write).map((step) => ({ ...step, label: `by hand: ${step.label}` }));
  return directWrite(write, (pin) => [
    choice(
      "try",
      `try lock SH(${nameOf(from)})`,
      {
        result: "got it",
        when: (state) => lockable(state, request),
        events: [{ kind: "lock", ...request, name: `SH(${nameOf(from)})` }],
      },
      {
        result: "busy, and out of order",
        when: (state) => !lockable(state, request),
        goto: "drop",
      },
    ),
    ...filled,
    choice("again", "the fault is done", { goto: pin }),
    unlockStep("drop", deferred(write), nameOf(to)),
    ...byHand,
    choice("retry", "begin again", { goto: "lock" }),
  ]);
}

/** The buffer is the very page that is written, and the fault is taken under its glock. */
function ownPageFaulting(write: DirectWrite): Actor {
  const { name, task, to } = write;
  return {
    name,
    task,
    environment: false,
    program: [
      lockStep("lock", deferred(write), nameOf(to)),
      choice("pin", `pin_user_pages(mapping of page ${to}): fault`, {}),
      lockStep("fault lock", { task, lock: to, mode: "SHARED" }, nameOf(to)),
      choice("submit", `the device writes page ${to}`, {}),
    ],
  };
}

/** The buffer is the page that is written; what is faulted in is shot down again: one try is made. */
function ownPageNofault(write: DirectWrite): Actor {
  const { name, task, to } = write;
  const on = { task, page: to };
  const stop = (label: string): Step =>
    choice(label, `pin_user_pages(mapping of page ${to}): -EFAULT`, {});
  return {
    name,
    task,
    environment: false,
    program: [
      does("begin", `gfs2_file_direct_write(${to})`, { kind: "direct_begin", ...on }),
      lockStep("lock", deferred(write), nameOf(to)),
      stop("pin"),
      unlockStep("drop", deferred(write), nameOf(to)),
      ...fault(write),
      lockStep("lock again", deferred(write), nameOf(to)),
      does(
        "invalidate",
        `invalidate_inode_pages2_range(${to})`,
        { kind: "remove_folio", ...on, why: "invalidate" },
        { kind: "invalidated", ...on },
      ),
      stop("pin again"),
      unlockStep("drop again", deferred(write), nameOf(to)),
      does("end", "no progress: the rest is a buffered write", {
        kind: "direct_end",
        ...on,
        writes: 0,
      }),
    ],
  };
}

const [d, e] = crossed;

function design(
  id: string,
  title: string,
  source: string,
  actors: readonly Actor[],
  breaks: readonly string[] = [],
): Design {
  return twoFiles({ id, title, source, breaks }, actors, { tasks: 2, folios: 4 });
}

/** gfs2, with and without `nofault`. */
export const glockWriteDesigns: readonly Design[] = [
  design(
    "C4-faults",
    "gfs2 faults under its glock: two nodes, crossed writes",
    "seed 002; gfs2 up to v5.15",
    [faulting(d), faulting(e)],
    ["LOCK-1"],
  ),
  design(
    "C4-faults-self",
    "the same on one node: a write from a mapping of its own page",
    "gfs2 up to v5.15; generic/647",
    [ownPageFaulting(withinOneFile)],
    ["LOCK-1"],
  ),
  design(
    "C4",
    "gfs2 drops its glock and faults the buffer in by hand: two nodes, crossed writes",
    "b01b2d72da25 (v5.16)",
    [nofault(d), nofault(e)],
  ),
  design(
    "C4-trylock",
    "gfs2 with an order of glocks: a fault only tries what comes earlier, and else begins again",
    "seed 002: Kent Overstreet's question; not merged",
    [trylocking(d), trylocking(e)],
  ),
  design(
    "C4-self",
    "the same on one node: a write from a mapping of its own page",
    "b01b2d72da25 (v5.16); generic/729",
    [ownPageNofault(withinOneFile)],
  ),
];
