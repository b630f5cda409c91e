/**
 * How a diagram was read, where that is not plain from its text: a reader can object.
 *
 * @module
 */
import { match } from "../match.ts";
import { type Cast, type DiagramReading, isNumbered } from "./cast.ts";
import type { Column, Race, TextPlace, WrittenStep } from "./parse.ts";
import { type DiagramLine, isNamed, means, quote, sameText } from "./reading.ts";

/** One thing to know of how a diagram was read. */
export interface DiagramNote {
  /** What it is about. */
  readonly at: TextPlace;
  /** One sentence. */
  readonly says: string;
}

/** All notes, in the order of the text. */
export function notesOf(
  { columns, rest }: Race,
  { cast, lines }: DiagramReading,
): readonly DiagramNote[] {
  return [
    ...columns.flatMap((column) => sayHead(column, cast)),
    ...lines.flatMap((line) => sayLine(line, cast)),
    ...(rest === undefined ? [] : [{ at: rest, says: "the diagram is read up to here" }]),
  ];
}

function sayHead(column: Column, cast: Cast): readonly DiagramNote[] {
  const actor = cast.get(column.name);
  if (actor === undefined || isNumbered(column.name) || sameText(actor.name, column.name)) {
    return [];
  }
  return [{ at: column, says: `${quote(column.name)} is read as ${actor.name}` }];
}

function sayLine({ written, as }: DiagramLine, cast: Cast): readonly DiagramNote[] {
  const says = match(as)
    .with({ kind: "step" }, () => sayStep(written, cast))
    .with({ kind: "caller" }, () => "the caller of what is under it")
    .with({ kind: "part" }, ({ of }) => `a part of ${quote(of)}`)
    .with({ kind: "remark" }, () => "a remark")
    .with({ kind: "unknown" }, () => undefined)
    .exhaustive();
  return says === undefined
    ? []
    : [{ at: written, says: `${quote(written.step)} is read as ${says}` }];
}

/** The steps that a line means by another name than theirs. */
function sayStep(written: WrittenStep, cast: Cast): string | undefined {
  const steps = cast.get(written.actor)?.program.filter((step) => means(written, step)) ?? [];
  if (steps.some((step) => isNamed(written, step))) return undefined;
  return [...new Set(steps.map(({ name }) => `"${name}"`))].join(" or ");
}
