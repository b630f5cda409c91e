/**
 * Checks messages of the protocol against its JSON Schema, with a validator that is not ours.
 *
 * @module
 */
import { Ajv2020 } from "ajv/dist/2020.js";

/** What is wrong with a message, or undefined. */
export type Validate = (message: unknown) => string | undefined;

const schema = new URL("../schema/protocol.schema.json", import.meta.url);

/** Compiles the schema. */
export async function validator(): Promise<Validate> {
  const compiled = new Ajv2020({ strict: false }).compile(
    JSON.parse(await Deno.readTextFile(schema)),
  );
  return (message) => {
    if (compiled(message)) return undefined;
    const [first] = compiled.errors ?? [];
    return `${first?.instancePath || "the message"} ${first?.message ?? "is not valid"}`;
  };
}
