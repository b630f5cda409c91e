/**
 * The tables of `spec/traces.md` and `spec/traces-page-cache.md` that are those of the translation.
 *
 * @module
 */
import { pageCacheIds } from "../../../model/check/page_cache/ids.ts";
import { invariants } from "../../../model/invariants/catalogue.ts";
import { unmet } from "../../../model/line_class.ts";
import { shownClasses } from "../../kernel/line_classes.ts";
import { witnesses } from "../../kernel/page_cache/witnesses.ts";
import { cacheRows, daxRows, isProbed } from "../../kernel/rows.ts";
import { list, table } from "./markdown.ts";

/** What each tracepoint is to DAX files, then what is read of it: two tables, so that both stay narrow. */
export function tracepointsTables(): string {
  return tables("tracepoint", daxRows.filter((row) => !isProbed(row)));
}

/** What each probed function is to DAX files, then what is read of it. */
export function probesTable(): string {
  return tables("function", daxRows.filter(isProbed));
}

function tables(what: string, rows: typeof daxRows): string {
  return [
    table(
      [what, "event", "anchor"],
      rows.map(({ source, events, anchor }) => [code(source), events, anchor]),
    ),
    table(
      [what, "words", "versions"],
      rows.map(({ source, words, versions }) => [code(source), words, versions]),
    ),
  ].join("\n\n");
}

/** What is read of each line of the page cache, then what it is taken for. */
export function pageCacheLines(): string {
  const rows = cacheRows.map(({ source, words, anchor, versions }) => [
    code(source),
    words,
    anchor,
    versions,
  ]);
  return [
    table(["line", "words", "anchor", "seen on"], rows),
    list(cacheRows.map(({ source, says }) => `${code(source)}: ${says}`)),
  ].join("\n\n");
}

/** What breaks and what keeps each invariant of the page cache, and how many a trace can decide. */
export function witnessTables(): string {
  const ofDax = invariants
    .filter(({ about, needs }) => about !== "file" && unmet(needs, shownClasses).length === 0)
    .map(({ id }) => id);
  const ofBoth = ofDax.filter((id) => pageCacheIds.some((each) => each === id));
  const all = ofDax.length + pageCacheIds.length - ofBoth.length;
  return [
    table(["invariant", "broken, if"], pageCacheIds.map((id) => [id, witnesses[id].broken])),
    table(["invariant", "kept, if"], pageCacheIds.map((id) => [id, witnesses[id].kept])),
    `A trace can decide ${all} invariants: these ${pageCacheIds.length}, and the ${ofDax.length} of DAX ` +
    `that\n[traces.md](traces.md#what-decides-an-invariant) lists; both have ${ofBoth.join(", ")}.`,
  ].join("\n\n");
}

function code(text: string): string {
  return `\`${text}\``;
}
