/**
 * Checks messages of the protocol and files of a suite against their JSON Schemas, with a validator
 * that is not ours.
 *
 * @module
 */
import { createSchemas, type ValidateFunction } from "../format/json_schema.ts";
import event from "../schema/event.schema.json" with { type: "json" };
import manifest from "../schema/manifest.schema.json" with { type: "json" };
import operation from "../schema/operation.schema.json" with { type: "json" };
import protocol from "../schema/protocol.schema.json" with { type: "json" };
import suite from "../schema/suite.schema.json" with { type: "json" };
import vector from "../schema/vector.schema.json" with { type: "json" };
import world from "../schema/world.schema.json" with { type: "json" };
import type { FileKind } from "./suite.ts";

/** Compiles the protocol's schema, with those that it refers to: what is wrong with a message. */
export function validator(): (message: unknown) => string | undefined {
  const compiled = compile("protocol", protocol);
  return (message) => mistake(compiled, message, "the message");
}

const schemas = { manifest, suite } as const;
const compiled = new Map<FileKind, ValidateFunction>();

/** What is wrong with the value of a file of a suite, by its schema; undefined if nothing is. */
export function mistakeInFile(kind: FileKind, value: unknown): string | undefined {
  const valid = compiled.get(kind) ?? compile(kind, schemas[kind]);
  compiled.set(kind, valid);
  return mistake(valid, value, "the file");
}

/**
 * What takes a value for a `T` if a schema of its own, which refers to no other, allows it, and else says
 * what is wrong with it, which is called `whole`.
 */
export function readBy<T extends object>(
  schema: object,
  whole: string,
): (value: unknown) => T | string {
  const valid = createSchemas().compile<T>(schema);
  return (value) => valid(value) ? value : mistake(valid, value, whole) ?? whole;
}

function compile(name: string, schema: object): ValidateFunction {
  const ajv = createSchemas({ discriminator: true });
  ajv.addSchema([world, ...[event, operation, vector].map(decided), schema]);
  return ajv.compile({ $ref: `urn:pagespec:${name}:1` });
}

/** What is wrong with a value, or undefined: the place and what it must be. */
function mistake(valid: ValidateFunction, value: unknown, whole: string): string | undefined {
  if (valid(value)) return undefined;
  const errors = valid.errors ?? [];
  const deepest = errors.toSorted((a, b) => b.instancePath.length - a.instancePath.length)[0];
  return `${deepest?.instancePath || whole} ${deepest?.message ?? "is not valid"}`;
}

/**
 * A schema in which the choice between objects is decided by their `kind`, as it is by what they say.
 * The validator would try one after the other, take ten times as long and blame them all.
 */
function decided<T>(schema: T): T {
  return JSON.parse(
    JSON.stringify(schema),
    (_, value) =>
      isChoice(value)
        ? { ...value, type: "object", discriminator: { propertyName: "kind" } }
        : value,
  );
}

/** True for a choice between schemas that have names: each is an object with a `kind` of its own. */
function isChoice(value: unknown): boolean {
  return typeof value === "object" && value !== null && "oneOf" in value &&
    Array.isArray(value.oneOf) &&
    value.oneOf.every((each) => /#\/\$defs\/\w+$/.test(each?.$ref ?? ""));
}
