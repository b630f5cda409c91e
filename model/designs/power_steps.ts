/**
 * What may happen at any time between memory, device and journal, and what sync calls do about it.
 *
 * @module
 */
import type { Actor, Step } from "../design.ts";
import { isUncommitted } from "../storage.ts";
import type { CacheLine } from "../events/storage.ts";
import { choice, does } from "./program.ts";

/** Power fails, at any time. */
export function power(task: number): Actor {
  return {
    name: "power",
    task,
    environment: true,
    program: [does("fail", "power fails", { kind: "crash" })],
  };
}

/** The CPU evicts a line of the page, once. */
export function eviction(task: number, page: number, line: CacheLine): Actor {
  return {
    name: `cache line ${line}`,
    task,
    environment: true,
    program: [does("evict", `the CPU evicts line ${line}`, { kind: "evict_line", page, line })],
  };
}

/** The journal commits on its own, once. */
export function journal(task: number): Actor {
  return {
    name: "journal",
    task,
    environment: true,
    program: [
      choice("commit", "the running transaction commits", {
        when: isUncommitted,
        events: [{ kind: "commit", task }],
      }),
    ],
  };
}

/** The commit of the running transaction, or an empty flush in its place. */
export function commitOrFlush(task: number, label: string, next?: string): Step {
  const goto = next === undefined ? {} : { goto: next };
  return choice(
    label,
    "commit the running transaction",
    { when: isUncommitted, events: [{ kind: "commit", task }], ...goto },
    {
      result: "nothing to commit: flush the device",
      when: (state) => !isUncommitted(state),
      events: [{ kind: "flush_device", task }],
      ...goto,
    },
  );
}
