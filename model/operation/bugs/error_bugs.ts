/**
 * Who is told that a write to the device failed (system B): what can go wrong.
 *
 * @module
 */
import type { BugCard } from "../bug_card.ts";

/** Bugs of the reports of errors, by their names. */
export const errorBugs = {
  "error-never-reported": {
    breaks: "DUR-5",
    imitates: "generic/441: an error that only the flusher threads saw",
    says: "loses an error of writeback, and fsync returns 0",
  },
  "error-reported-for-ever": {
    breaks: "DUR-5",
    imitates: "generic/442: an error that is reported again and again",
    says: "reports an error of writeback from every fsync",
  },
  "error-reported-to-one-descriptor": {
    breaks: "DUR-5",
    imitates: "generic/441 before 5660e13d2fd6: AS_EIO, a flag that the first fsync takes",
    says: "reports an error of writeback to the first descriptor that asks, and to no other",
  },
  "open-misses-earlier-errors": {
    breaks: "DUR-5",
    imitates: "before b4678df184b3: an error between the last close and the next open",
    says: "hides from a new descriptor an error that nobody was told of",
  },
  "syncfs-takes-errors-of-files": {
    breaks: "DUR-5",
    imitates:
      "before aa750fd71c24 (from memory): sync(2) clears the errors that fsync has to report",
    says: "takes in syncfs the errors of all files, and no fsync reports them",
  },
  "syncfs-reports-no-error": {
    breaks: "DUR-5",
    imitates: "before 735e4ae5ba28: syncfs returns 0 whatever became of the data",
    says: "returns 0 from syncfs although a page could not be written",
  },
} as const satisfies Readonly<Record<string, BugCard>>;
