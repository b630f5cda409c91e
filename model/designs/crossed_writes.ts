/**
 * System C: direct writes whose buffers are mappings of files (chapter 3, mutation `dioLock`).
 *
 * D writes directly to file X from a mapping of Y, E to Y from a mapping of X; R reads Y. Or D writes
 * to X from a mapping of X itself. A buffer that is not in the page cache is faulted in while the lock
 * of the written file is held.
 *
 * @module
 */
import type { Actor, Design, Step } from "../design.ts";
import { isHeld } from "../mode_lock.ts";
import type { Event } from "../event.ts";
import type { State } from "../state.ts";
import { invalidate } from "./direct_write_steps.ts";
import { files, type Locking, lockStep, modeGuard, unlockStep } from "./mode_lock_steps.ts";
import { cacheFolio, uptodate } from "./page_cache_steps.ts";
import { choice, does } from "./program.ts";
import { crossed, type DirectWrite, twoFiles, withinOneFile } from "./two_files.ts";

/** Steps of one direct write that designs put together. */
interface WriteSteps {
  readonly begin: readonly Step[];
  readonly pin: Step;
  readonly addLock: Step;
  readonly fill: readonly Step[];
  readonly submit: Step;
  readonly end: readonly Step[];
}

function nameOf(file: number): string {
  return files[file] ?? `${file}`;
}

function block({ task, to }: DirectWrite): Locking {
  return { task, lock: to, mode: "BLOCK" };
}

function add({ task, from }: DirectWrite): Locking {
  return { task, lock: from, mode: "ADD" };
}

function stepsOf(write: DirectWrite, locking: Locking = add(write)): WriteSteps {
  const { task, to, from } = write;
  const on = { task, page: to };
  const shotDown: readonly Event[] = [{ kind: "invalidated", ...on }];
  // Only R, which reads Y, can have cached what is written, or be there first with the buffer.
  const read = { to: to === 1, from: from === 1 };
  const [, ...fill] = cacheFolio({ task, page: from }, { rivals: read.from, hit: "filled" });
  return {
    begin: [
      does("begin", `iomap_dio_rw(write, ${nameOf(to)})`, { kind: "direct_begin", ...on }),
      lockStep("block", block(write), nameOf(to)),
      to === from
        ? does("invalidate", `invalidate_inode_pages2_range(${to})`, ...shotDown)
        : invalidate("invalidate", on, shotDown),
    ],
    pin: choice(
      "pin",
      `pin_user_pages(mapping of ${nameOf(from)})`,
      { result: "not present: fault", when: (state) => !uptodate(from)(state) },
      { result: "present", when: uptodate(from), goto: "submit" },
    ),
    addLock: lockStep("add lock", locking, nameOf(from)),
    fill: [
      ...fill,
      does(
        "filled",
        `folio ${from} is uptodate`,
        { kind: "put_folio", task, page: from },
        { kind: "unlock", task, lock: from },
      ),
      choice("pin again", "the fault is done", { goto: "pin" }),
    ],
    submit: does("submit", `the device writes page ${to}`, {
      kind: "direct_write",
      ...on,
      writes: 2 << task,
    }),
    end: [
      does(
        "end",
        "the direct write returns",
        { kind: "unlock", task, lock: to },
        { kind: "direct_end", ...on, writes: 2 << task },
      ),
    ],
  };
}

function actor({ name, task }: DirectWrite, program: readonly Step[]): Actor {
  return { name, task, environment: false, program };
}

/** Faults take the lock of their file, whatever the task holds. */
function naive(write: DirectWrite): Actor {
  const { begin, pin, addLock, fill, submit, end } = stepsOf(write);
  return actor(write, [...begin, pin, addLock, ...fill, submit, ...end]);
}

/** Faults go by the order of the files' addresses. */
function ordered(write: DirectWrite, shootsDownAgain: boolean): Actor {
  const { begin, pin, addLock, fill, submit, end } = stepsOf(write);
  if (write.from > write.to) return actor(write, [...begin, pin, addLock, ...fill, submit, ...end]);
  const [file, buffer] = [nameOf(write.to), nameOf(write.from)];
  const blocked = (state: State): boolean => isHeld(state, write.from, "BLOCK");
  return actor(write, [
    ...begin,
    pin,
    choice("try", `faults_disabled_mapping = ${file}: trylock ADD(${buffer})`, {
      result: "ok",
      when: (state) => !blocked(state),
      events: [{ kind: "lock", ...add(write), name: `ADD(${buffer})` }],
    }, { result: "fails", when: blocked, goto: "drop" }),
    ...fill,
    unlockStep("drop", block(write), file),
    lockStep("wait", add(write), buffer),
    unlockStep("waited", add(write), buffer),
    lockStep("take back", block(write), file),
    choice("dropped", "locks were dropped: the fault fails, the write begins again", {
      goto: shootsDownAgain ? "invalidate" : "pin",
    }),
    submit,
    ...end,
  ]);
}

/** The buffer is a mapping of the very file, and the fault sleeps on the lock that its task holds. */
function sleeping(write: DirectWrite): Actor {
  const { task, from } = write;
  const { begin, addLock, submit } = stepsOf(write);
  return actor(write, [
    ...begin,
    does("contend", `fault on the mapping of ${nameOf(from)} sleeps`, {
      kind: "contend",
      task,
      lock: from,
      mode: "ADD",
      and: "sleeps",
    }),
    addLock,
    submit,
  ]);
}

/** The buffer is a mapping of the very file, which the fault finds in faults_disabled_mapping. */
function failing(write: DirectWrite): Actor {
  const { task, to, from } = write;
  const { begin } = stepsOf(write);
  return actor(write, [
    ...begin,
    does("same", `faults_disabled_mapping = ${nameOf(from)}: SIGBUS`, {
      kind: "contend",
      task,
      lock: from,
      mode: "ADD",
      and: "fails",
    }),
    does(
      "end",
      "the direct write fails: EFAULT",
      { kind: "unlock", task, lock: to },
      { kind: "direct_end", task, page: to, writes: 0 },
    ),
  ]);
}

/** The buffer is a mapping of the very file, and a task that holds the lock gets it again. */
function recursive(write: DirectWrite): Actor {
  const steps = stepsOf(write, { ...add(write), recursive: true });
  return actor(write, [
    ...steps.begin,
    steps.pin,
    steps.addLock,
    ...steps.fill,
    steps.submit,
    ...steps.end,
  ]);
}

function reader(): Actor {
  const task = 2;
  const page = 1;
  const lock = modeGuard({ task, lock: page, mode: "ADD" }, nameOf(page));
  return {
    name: "R",
    task,
    environment: false,
    program: [
      ...lock.take,
      ...cacheFolio({ task, page }, { rivals: true, hit: "copy" }),
      does("copy", `copy page ${page} to the user`, { kind: "put_folio", task, page }),
      ...lock.give,
    ],
  };
}

const [d, e] = crossed;

function design(
  id: string,
  title: string,
  source: string,
  actors: readonly Actor[],
  breaks: readonly string[],
): Design {
  return twoFiles({ id, title, source, breaks }, actors, { tasks: 3, folios: 5 });
}

const merged = "seed 002; fs/bcachefs/fs-io-direct.c, fs-io-pagecache.c (6.12)";

/** Direct writes from mappings of files. */
export const crossedWriteDesigns: readonly Design[] = [
  design(
    "C3-naive",
    "faults take the two-state lock whatever the task holds: two crossed writes",
    "seed 002: what a lock against additions meets",
    [naive(d), naive(e), reader()],
    ["LOCK-1"],
  ),
  design(
    "C3-naive-self",
    "the same: a write from a mapping of its own file",
    "seed 002: what a lock against additions meets",
    [sleeping(withinOneFile)],
    ["LOCK-1", "LOCK-2"],
  ),
  design(
    "C3-recursive-self",
    "a task that holds the lock gets it again",
    "a mutation of C3-self",
    [recursive(withinOneFile)],
    ["COH-1", "ADD-1"],
  ),
  design(
    "C3-order-only",
    "faults go by the order of addresses; what was dropped is not shot down again",
    "a mutation of C3-cross",
    [ordered(d, false), ordered(e, false), reader()],
    ["COH-1", "ADD-3"],
  ),
  design(
    "C3-cross",
    "faults go by the order of addresses, and what was dropped is shot down again",
    merged,
    [ordered(d, true), ordered(e, true), reader()],
    [],
  ),
  design(
    "C3-self",
    "a fault on the file whose lock the task holds fails",
    merged,
    [failing(withinOneFile)],
    [],
  ),
];
