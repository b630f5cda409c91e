/**
 * What events do and what invariants ask, as the tables of `spec/events.md` and `spec/judging.md` show
 * it: a name in the first column, and what there is to say of it in as many rows as it takes.
 *
 * @module
 */
import { eventKinds, fieldsOf, type Shape } from "../../../model/events/fields.ts";
import type { EventKind } from "../../../model/event.ts";
import { invariants } from "../../../model/invariants/catalogue.ts";
import { type EventFamily, eventRows, familyOf, judgeRows } from "../../../model/semantics.ts";
import { constants, functions, procedures } from "../../../model/semantics/names.ts";
import type { JudgeRow, KernelPart } from "../../../model/semantics/row.ts";
import { type Bounds, type Field, fieldRange, viewNames } from "../../../model/state.ts";
import events from "../../schema/event.schema.json" with { type: "json" };
import world from "../../schema/world.schema.json" with { type: "json" };
import { table } from "./markdown.ts";

/** Characters that a cell of the second column may have. */
const room = 92;

/** A name, and the rows beside it. */
interface Entry {
  readonly name: string;
  readonly rows: readonly string[];
}

function tableOf(header: readonly [string, string], entries: readonly Entry[]): string {
  return table(
    header,
    entries.flatMap(({ name, rows }) => rows.map((row, at) => [at === 0 ? name : "", row])),
  );
}

/** Words, broken into rows. */
function said(text: string): readonly string[] {
  return broken(text, room, "");
}

/** A line of the notation; what does not fit goes on in rows that begin with dots. */
function code(line: string, before = ""): readonly string[] {
  const [first = "", ...others] = broken(line, room - 2 - Math.max(before.length, 4), "");
  return [`${before}\`${first}\``, ...others.map((each) => `... \`${each}\``)];
}

function broken(text: string, width: number, indent: string): readonly string[] {
  const rows: string[] = [];
  let row = "";
  for (const word of text.split(" ")) {
    if (row !== "" && row.length + 1 + word.length > width) {
      rows.push(row);
      row = indent + word;
    } else {
      row = row === "" ? word : `${row} ${word}`;
    }
  }
  return [...rows, row];
}

/** The bounds of a world, each with what it counts. */
export function boundsTable(): string {
  const { properties } = world.$defs.bounds;
  return tableOf(
    ["bound", "says"],
    Object.entries(properties).map(([name, { description }]) => ({
      name: `\`${name}\``,
      rows: said(description),
    })),
  );
}

const descriptions: Readonly<Record<string, { readonly description: string }>> =
  world.$defs.start.properties;

/** The views of a world: how many bytes, in which worlds, and what they mean. */
export function viewsTable(): string {
  const told = viewNames.filter((name) => name in descriptions);
  return tableOf(
    ["view", "bytes, and what they mean"],
    told.map((name) => ({
      name: `\`${name}\``,
      rows: said(`${sizeText(name)}: ${descriptions[name]?.description ?? ""}`),
    })),
  );
}

/** Numbers of which no two have a product that another two have. */
const counts = {
  pages: 101,
  mappings: 103,
  tasks: 107,
  folios: 109,
  blocks: 113,
  files: 127,
  locks: 131,
  rwsems: 137,
} as const;

const parts: readonly KernelPart[] = [
  "folios",
  "blocks",
  "durable",
  "waitQueues",
  "tlbs",
  "contents",
  "subpage",
];

function sizeText(field: Field): string {
  const bounds: Bounds = {
    ...counts,
    pmdPages: 1,
    locals: 0,
    waitQueues: true,
    tlbs: true,
    contents: true,
    subpage: true,
    durable: true,
    vmas: true,
  };
  const lengthIn = (of: Bounds): number => {
    const [from, to] = fieldRange(of, field);
    return to - from;
  };
  const length = lengthIn(bounds);
  const names = Object.entries(counts);
  const products = names.flatMap(([one, first]) => [
    [one, first] as const,
    ...names.map(([other, second]) => [`${one} × ${other}`, first * second] as const),
  ]);
  const size = products.find(([, product]) => product === length)?.[0] ?? String(length);
  const missing = parts.find((part) =>
    lengthIn({ ...bounds, [part]: part in counts ? 0 : false }) === 0
  );
  return missing === undefined || size.includes(missing)
    ? `${size}`
    : `${size}; with \`${missing}\``;
}

/** The constants, by what they are the values of. */
export function constantsTable(): string {
  return tableOf(
    ["of", "constants"],
    constants.map(({ of, as, values }) => {
      const told = Object.entries(values).map(([name, value]) => `\`${name}\` ${value}`);
      return { name: of, rows: said(`${as === undefined ? "" : `${as}: `}${told.join(", ")}`) };
    }),
  );
}

/** The functions of the world. */
export function functionsTable(): string {
  return tableOf(
    ["function", "is"],
    functions.map(({ head, is, says }) => ({
      name: `\`${head}\``,
      rows: [...said(says), ...code(is)],
    })),
  );
}

/** Lines that several events share. */
export function proceduresTable(): string {
  return tableOf(
    ["procedure", "does"],
    procedures.map(({ head, does }) => ({
      name: `\`${head}\``,
      rows: does.flatMap((line) => code(line)),
    })),
  );
}

/** The events of a family: when each can happen, and what it does to which view. */
export function eventsTable(family: EventFamily): string {
  return tableOf(
    ["event", "when it can happen, and what it does"],
    eventKinds.filter((kind) => familyOf(kind) === family).map(eventEntry),
  );
}

function eventEntry(kind: EventKind): Entry {
  const { world: needs = [], possible, does = [] } = eventRows[kind];
  return {
    name: `\`${kind}\``,
    rows: [
      ...said(events.$defs[kind].description),
      ...fieldsRows(kind),
      ...(needs.length === 0
        ? []
        : [`in worlds with ${needs.map((part) => `\`${part}\``).join(" and ")}`]),
      ...(possible === undefined ? [] : code(possible, "possible if ")),
      ...does.flatMap((line) => code(line)),
    ],
  };
}

function fieldsRows(kind: EventKind): readonly string[] {
  const fields = Object.entries(fieldsOf(kind));
  const names = (of: typeof fields): string => of.map(([name]) => `\`${name}\``).join(" ");
  const optional = fields.filter(([, each]) => each.optional);
  return [
    fields.length === 0 ? "no fields" : `fields: ${names(fields)}`,
    ...(optional.length === 0 ? [] : [`may be absent: ${names(optional)}`]),
    ...fields.flatMap(([name, { shape }]) => wordsRows(name, shape)),
  ];
}

function wordsRows(name: string, shape: Shape): readonly string[] {
  if (shape.kind !== "word") return [];
  const words = shape.words.map((word) => `\`${JSON.stringify(word)}\``).join(" ");
  return broken(`where \`${name}\` is one of ${words}`, room, "or ");
}

/** Every invariant that single events can break: at which, when, and what keeps it. */
export function judgesTable(): string {
  return tableOf(
    ["invariant", "at which events, when it is asked, and what keeps it"],
    judgeRows.map((row) => ({ name: `\`${row.id}\``, rows: judgeText(row) })),
  );
}

function judgeText({ on, looks, where = [], asked, holds }: JudgeRow): readonly string[] {
  return [
    `${looks} ${on.map((kind) => `\`${kind}\``).join(" ")}`,
    ...where.flatMap((line) => code(line)),
    ...code(asked, "asked if "),
    ...code(holds, "kept if "),
  ];
}

/** What follows from the breach of an invariant. */
export function implicationsTable(): string {
  return tableOf(
    ["broken", "and so may these be"],
    invariants.filter(({ implies }) => implies.length > 0)
      .map(({ id, implies }) => ({
        name: `\`${id}\``,
        rows: [implies.map((each) => `\`${each}\``).join(" ")],
      })),
  );
}
