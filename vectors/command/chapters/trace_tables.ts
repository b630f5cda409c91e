/**
 * The tables of `spec/traces.md` that are the tables of the translation.
 *
 * @module
 */
import { probes } from "../../kernel/probes.ts";
import { tracepoints } from "../../kernel/tracepoints.ts";
import { table } from "./markdown.ts";

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

function allCode(names: string): string {
  return names === "none" ? names : names.split(", ").map(code).join(", ");
}

function code(text: string): string {
  return `\`${text}\``;
}
