/**
 * The lists of `spec/observations.md`: every kind of line of a file of observations, from its schema.
 *
 * @module
 */
import schema from "../../schema/observations.schema.json" with { type: "json" };
import { daxKinds } from "../../../model/check/recording.ts";
import { list } from "./markdown.ts";

/** What is read of a definition of the schema. */
interface Definition {
  readonly description?: string;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, unknown>> & {
    readonly kind?: { readonly const?: string; readonly enum?: readonly string[] };
  };
}

/** Lines of the file itself, of DAX files, and of the page cache. */
export function observationLists(): string {
  const lines = schema.oneOf.map(({ $ref }) => {
    const found = Object.entries<object>(schema.$defs).find(([name]) => $ref === `#/$defs/${name}`);
    const definition: Definition = found?.[1] ?? {};
    return definition;
  });
  const first = ({ properties }: Definition): string => kindsOf(properties)[0] ?? "";
  const own = new Set(["recording", "contains", "end"]);
  return [
    ["The file itself:", lines.filter((line) => own.has(first(line)))] as const,
    ["DAX files:", lines.filter((line) => first(line) in daxKinds)] as const,
    [
      "Files in the page cache:",
      lines.filter((line) => !own.has(first(line)) && !(first(line) in daxKinds)),
    ] as const,
  ].map(([title, some]) => `${title}\n\n${list(some.map(item))}`).join("\n\n");
}

function kindsOf(properties: Definition["properties"]): readonly string[] {
  const { const: only, enum: several } = properties?.kind ?? {};
  return several ?? (only === undefined ? [] : [only]);
}

/** `` `hole`: the zero page is mapped. `where`, `begun?` ``. */
function item({ description = "", required = [], properties = {} }: Definition): string {
  const fields = Object.keys(properties)
    .filter((name) => name !== "kind")
    .map((name) => `\`${name}${required.includes(name) ? "" : "?"}\``);
  const kinds = kindsOf(properties).map((kind) => `\`${kind}\``).join(", ");
  return `${kinds}: ${description}.${fields.length === 0 ? "" : ` ${fields.join(" ")}`}`;
}
