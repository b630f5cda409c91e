/**
 * Checks messages of the protocol against its JSON Schema, with a validator that is not ours.
 *
 * @module
 */
import { Ajv2020 } from "npm:ajv@8.20.0/dist/2020.js";

/** What is wrong with a message, or undefined. */
type Validate = (message: unknown) => string | undefined;

/** Schemas that the protocol's refers to, and the protocol's own at the end. */
const names = ["world", "event", "operation", "vector", "protocol"] as const;

/** Compiles the schemas. */
export async function validator(): Promise<Validate> {
  const ajv = new Ajv2020({ strict: false });
  for (const name of names) {
    const schema = new URL(`../schema/${name}.schema.json`, import.meta.url);
    ajv.addSchema(JSON.parse(await Deno.readTextFile(schema)));
  }
  const compiled = ajv.compile({ $ref: "urn:pagespec:protocol:1" });
  return (message) => {
    if (compiled(message)) return undefined;
    const errors = compiled.errors ?? [];
    const deepest = errors.toSorted((a, b) => b.instancePath.length - a.instancePath.length)[0];
    return `${deepest?.instancePath || "the message"} ${deepest?.message ?? "is not valid"}`;
  };
}
