/**
 * The tables of `spec/traces.md` and `spec/traces-page-cache.md` that are those of the translation.
 *
 * @module
 */
import { pageCacheRows } from "../../kernel/page_cache/rows.ts";
import { pageCacheIds } from "../../../model/check/page_cache/ids.ts";
import { invariants } from "../../../model/invariants/catalogue.ts";
import { unmet } from "../../../model/line_class.ts";
import { shownClasses } from "../../kernel/line_classes.ts";
import { witnesses } from "../../kernel/page_cache/witnesses.ts";
import { probes } from "../../kernel/probes.ts";
import { tracepoints } from "../../kernel/tracepoints.ts";
import { list, table } from "./markdown.ts";

/** What each tracepoint stands for, then what is read of it: two tables, so that both stay narrow. */
export function tracepointsTables(): string {
  const meaning = tracepoints.map(({ tracepoint, events, anchor }) => [
    code(tracepoint),
    events,
    anchor,
  ]);
  const reading = tracepoints.map(({ tracepoint, prints, versions }) => [
    code(tracepoint),
    prints,
    versions,
  ]);
  return [
    table(["tracepoint", "event", "anchor"], meaning),
    table(["tracepoint", "fields", "versions"], reading),
  ].join("\n\n");
}

/** What each probed function stands for. */
export function probesTable(): string {
  return table(
    ["function", "arguments", "kernels", "event"],
    probes.map((row) => [code(row.function), allCode(row.arguments), row.kernels, row.event]),
  );
}

/** What is read of each line of the page cache, then what it is taken for. */
export function pageCacheLines(): string {
  const rows = pageCacheRows.map(({ source, words, anchor, versions }) => [
    code(source),
    words,
    anchor,
    versions,
  ]);
  return [
    table(["line", "words", "anchor", "seen on"], rows),
    list(pageCacheRows.map(({ source, says }) => `${code(source)}: ${says}`)),
  ].join("\n\n");
}

/** What breaks and what keeps each invariant of the page cache, and how many a trace can decide. */
export function witnessTables(): string {
  const ofDax = invariants
    .filter(({ about, needs }) => about !== "file" && unmet(needs, shownClasses).length === 0)
    .map(({ id }) => id);
  const all = new Set([...ofDax, ...pageCacheIds]);
  return [
    table(["invariant", "broken, if"], pageCacheIds.map((id) => [id, witnesses[id].broken])),
    table(["invariant", "kept, if"], pageCacheIds.map((id) => [id, witnesses[id].kept])),
    `A trace can decide ${all.size} invariants: these ${pageCacheIds.length}, and ${ofDax.length} of ` +
    `DAX, which\n[traces.md](traces.md#what-decides-an-invariant) lists.`,
  ].join("\n\n");
}

function allCode(names: string): string {
  return names === "none" ? names : names.split(", ").map(code).join(", ");
}

function code(text: string): string {
  return `\`${text}\``;
}
