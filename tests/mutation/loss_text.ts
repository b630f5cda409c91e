/**
 * What was disabled, in words that are the same for every page, task and design.
 *
 * @module
 */
import { match } from "../../model/match.ts";
import type { Event } from "../../model/event.ts";
import type { Disabled, Disabling } from "./disable.ts";

/**
 * `grab_mapping_entry(N) -> locked: guard`: the step, its result, and what it lacks. Numbers of pages,
 * entries, mappings and tasks are all N.
 */
export function lossText({ step, branch, loss }: Disabled): string {
  const way = branch === undefined || branch.result === "" ? "" : ` -> ${branch.result}`;
  return `${step}${way}`.replace(number, "N") + `: ${textOf(loss)}`;
}

/** What `write(2)`, `fsync() = 0` and a result of 0 say is no number of anything. */
const number = /(?<!\bwrite\(|= |-> )\b\d+\b/g;

function textOf(loss: Disabling): string {
  return match(loss)
    .with({ kind: "guard" }, () => "guard")
    .with({ kind: "lock" }, ({ lock }) => `lock (${lock})`)
    .with({ kind: "step" }, () => "all")
    .with({ kind: "event" }, ({ event }) => eventText(event))
    .exhaustive();
}

/** An event's kind and what it says beside numbers: `insert_entry pte pfn dirty`. */
function eventText(event: Event): string {
  const words = Object.entries(event).flatMap(([field, value]) => {
    if (field === "kind") return [];
    if (typeof value === "string") return [value];
    return value === true ? [field] : [];
  });
  return [event.kind, ...words].join(" ");
}
