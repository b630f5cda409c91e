/**
 * System B by hand: who is told that writeback failed.
 *
 * @module
 */
import { dataOnDisk } from "./durable_calls.ts";
import { type Authored, breaks, fstests, kernel, litmus } from "./sequence.ts";

const diskWorld = { pages: 1, mappings: 0, tasks: 3, blocks: 1, durable: true } as const;

/** Errors of writeback. */
export const writebackErrors: readonly Authored[] = [
  {
    name: "error-told-once-to-each",
    system: "B",
    about: "DUR-5",
    says: "Writeback fails; fsync of each open file says EIO once, and then 0",
    references: [litmus("K31"), litmus("K32"), fstests("generic/441"), fstests("generic/442")],
    bounds: diskWorld,
    start: dataOnDisk,
    events: [
      { kind: "set_wb_error", task: 2, page: 0 },
      { kind: "report_error", task: 0, page: 0, says: "EIO" },
      { kind: "report_error", task: 0, page: 0, says: "ok" },
      { kind: "report_error", task: 1, page: 0, says: "EIO" },
      { kind: "report_error", task: 1, page: 0, says: "ok" },
    ],
  },
  {
    name: "error-seen-and-not-told",
    system: "B",
    about: "DUR-5",
    says: "Writeback fails, and the fsync that begins after it returns without a word of that",
    references: [litmus("K31"), kernel("lib/errseq.c")],
    bounds: diskWorld,
    start: dataOnDisk,
    events: [
      { kind: "fsync_begin", task: 0 },
      { kind: "set_wb_error", task: 2, page: 0 },
      { kind: "fsync_end", task: 0 },
      { kind: "fsync_begin", task: 0 },
      { kind: "report_error", task: 0, page: 0, says: "EIO" },
      { kind: "fsync_end", task: 0 },
      { kind: "fsync_begin", task: 0 },
      { kind: "fsync_end", task: 0 },
      { kind: "fsync_begin", task: 1 },
      breaks("DUR-5", { kind: "fsync_end", task: 1 }),
    ],
  },
  {
    name: "error-told-to-one-only",
    system: "B",
    about: "DUR-5",
    says: "Writeback fails; the first fsync says EIO and clears the error for everybody else",
    references: [litmus("K31"), fstests("generic/441"), kernel("before 4.13: AS_EIO")],
    bounds: diskWorld,
    start: dataOnDisk,
    events: [
      { kind: "set_wb_error", task: 2, page: 0 },
      { kind: "report_error", task: 0, page: 0, says: "EIO", clears: true },
      breaks("DUR-5", { kind: "report_error", task: 1, page: 0, says: "ok" }),
    ],
  },
  {
    name: "error-told-twice",
    system: "B",
    about: "DUR-5",
    says: "Writeback fails once, and two calls of fsync on one open file both say EIO",
    references: [litmus("K31"), fstests("generic/442")],
    bounds: diskWorld,
    start: dataOnDisk,
    events: [
      { kind: "set_wb_error", task: 2, page: 0 },
      { kind: "report_error", task: 0, page: 0, says: "EIO" },
      breaks("DUR-5", { kind: "report_error", task: 0, page: 0, says: "EIO" }),
    ],
  },
];
