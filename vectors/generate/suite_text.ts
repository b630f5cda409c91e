/**
 * The text of a suite file: JSON in which whatever fits on a line stands on one, so that an event is a
 * line and a change of one vector is a small difference. Names and numbers fill their lines.
 *
 * @module
 */
import type { Json } from "../format/canonical_json.ts";

const width = 100;

/** The text of a value, with a newline at its end. Keys keep their order. */
export function suiteText(value: Json): string {
  return `${layOut(value, "", 0)}\n`;
}

/** @param taken columns of the first line that are taken, and of the last one by what follows */
function layOut(value: Json, indent: string, taken: number): string {
  const flat = flatText(value);
  if (typeof value !== "object" || value === null) return flat;
  if (indent.length + taken + flat.length <= width && indent !== "") return flat;
  const inner = `${indent}  `;
  if (isList(value)) {
    const lines = value.every(isScalar)
      ? filled(value.map(flatText), width - inner.length - 1)
      : value.map((each) => layOut(each, inner, 1));
    return bracketed("[", lines, "]", indent);
  }
  const lines = Object.entries(value).flatMap(([key, each]) => {
    if (each === undefined) return [];
    const name = `${JSON.stringify(key)}: `;
    return [name + layOut(each, inner, name.length + 1)];
  });
  return bracketed("{", lines, "}", indent);
}

/** As many on a line as it has room for. */
function filled(texts: readonly string[], room: number): readonly string[] {
  const lines: string[] = [];
  for (const text of texts) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + text.length > room) lines.push(text);
    else lines[lines.length - 1] = `${last},${text}`;
  }
  return lines;
}

function bracketed(open: string, lines: readonly string[], close: string, indent: string): string {
  if (lines.length === 0) return open + close;
  return `${open}\n${lines.map((line) => `${indent}  ${line}`).join(",\n")}\n${indent}${close}`;
}

/** On one line, without white space. */
function flatText(value: Json): string {
  return JSON.stringify(value);
}

function isScalar(value: Json): boolean {
  return typeof value !== "object" || value === null;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
