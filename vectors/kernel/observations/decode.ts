/**
 * A line of a file of observations, from its text. The schema is the one place that says what a line
 * may be.
 *
 * @module
 */
import { type FileId, fileKey } from "../../../model/check/observation.ts";
import {
  createSchemas,
  type ErrorObject,
  type ValidateFunction,
} from "../../format/json_schema.ts";
import schema from "../../schema/observations.schema.json" with { type: "json" };
import type { WrittenLine } from "./line.ts";

/** Reads the lines of one file. */
interface LineDecoder {
  /** The line; or what is wrong with it, as a text. */
  readonly decode: (text: string) => WrittenLine | string;
}

/** What takes a value for a line of one kind. */
type IsLine = ValidateFunction<WrittenLine>;

/** Validators by kind, each compiled when the first line of its kind comes. */
const validators = new Map<string, IsLine>();
let schemas: ReturnType<typeof createSchemas> | undefined;

/** The validator of lines of this kind; undefined if there is no such kind. */
function validatorOf(kind: string): IsLine | undefined {
  const known = validators.get(kind);
  if (known !== undefined) return known;
  const definitions = schema.$defs as Readonly<Record<string, Definition>>;
  const name = Object.entries(definitions).find(([, { properties }]) =>
    properties?.kind?.const === kind || properties?.kind?.enum?.includes(kind)
  )?.[0];
  if (name === undefined) return undefined;
  schemas ??= createSchemas({ validateSchema: false }).addSchema(schema);
  const isLine = schemas.compile<WrittenLine>({ $ref: `${schema.$id}#/$defs/${name}` });
  validators.set(kind, isLine);
  return isLine;
}

/** What is read of a definition of the schema. */
interface Definition {
  readonly properties?: {
    readonly kind?: { readonly const?: string; readonly enum?: readonly string[] };
  };
}

/** A decoder for the lines of one file: equal files become one object, which the checker compares fast. */
export function createLineDecoder(): LineDecoder {
  const files = new Map<string, FileId>();
  return {
    decode(text) {
      let line: unknown;
      try {
        line = JSON.parse(text);
      } catch {
        return "no JSON";
      }
      const kind = typeof line === "object" && line !== null && "kind" in line
        ? line.kind
        : undefined;
      const isLine = typeof kind === "string" ? validatorOf(kind) : undefined;
      if (isLine === undefined) return `no kind of line: ${JSON.stringify(kind) ?? "none"}`;
      if (!isLine(line)) return `${kind}, in which ${mistake(isLine.errors ?? [])}`;
      complete(line as object as Record<string, unknown>, files);
      return line;
    },
  };
}

/** Puts in what JSON has no word for, or what the format lets one leave out. */
function complete(value: Record<string, unknown>, files: Map<string, FileId>): void {
  for (const [key, part] of Object.entries(value)) {
    // A range without an end goes to the end of the file; a time that is none is before the recording.
    if (part === null) value[key] = key === "time" ? -Infinity : Infinity;
    if (typeof part !== "object" || part === null || Array.isArray(part)) continue;
    if (isFile(part)) {
      const file = files.get(fileKey(part)) ?? part;
      files.set(fileKey(part), file);
      value[key] = file;
    } else complete(part as Record<string, unknown>, files);
  }
  if ("task" in value && "text" in value) value.role ??= "other";
}

function isFile(value: object): value is FileId {
  return "dev" in value && "ino" in value;
}

/** `where.pid must be integer`: the mistake that lies deepest. */
function mistake(errors: readonly ErrorObject[]): string {
  const [deepest] = errors.toSorted((one, other) =>
    other.instancePath.length - one.instancePath.length
  );
  if (deepest === undefined) return "something is not as the schema says";
  const { instancePath, keyword, params, message } = deepest;
  const place = instancePath.slice(1).replaceAll("/", ".") || "the line";
  if (keyword === "additionalProperties") return `${place} has no ${params.additionalProperty}`;
  if (keyword === "enum") return `${place} must be one of ${params.allowedValues.join(", ")}`;
  if (keyword === "const") return `${place} must be ${JSON.stringify(params.allowedValue)}`;
  return `${place} ${message}`;
}
