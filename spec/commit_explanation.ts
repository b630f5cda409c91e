/**
 * What the pages say of a commit: its subject, and the designs that come from it.
 *
 * @module
 */
import type { Table } from "./blocks.ts";
import type { Chapter } from "./chapter.ts";
import { type DesignEntry, designsOf } from "./design_entry.ts";

/** A commit of `spec/commits.md`. */
export interface KnownCommit {
  /** The first twelve digits of the commit. */
  readonly id: string;
  readonly subject: string;
  /** The release that has it; in parentheses if that is from memory. */
  readonly release: string;
  /** Where id and subject of the commit were seen together. */
  readonly seen: string;
  /** Designs whose source names it, in the order of the pages. */
  readonly designs: readonly DesignEntry[];
}

/** The commit whose id begins so, seven digits at least; or whose first twelve digits are part of it. */
export function findCommit(id: string, chapters: readonly Chapter[]): KnownCommit | undefined {
  const given = id.toLowerCase();
  if (!/^[\da-f]{7,40}$/.test(given)) return undefined;
  const rows = chapters.flatMap(({ blocks }) =>
    blocks.filter((block): block is Table => block.kind === "table" && block.header[0] === "id")
  ).flatMap(({ rows }) => rows);
  const found = rows.map(({ cells }) => cells).find(([known = ""]) =>
    known.startsWith(given) || given.startsWith(known)
  );
  if (found === undefined) return undefined;
  const [known = "", subject = "", release = "", seen = ""] = found;
  const designs = chapters.flatMap(designsOf).filter(({ fields }) =>
    fields.some(([name, value]) => name === "from" && value.includes(known))
  );
  return { id: known, subject, release, seen, designs };
}
