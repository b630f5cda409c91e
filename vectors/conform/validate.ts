/**
 * Checks messages of the protocol against its JSON Schema, with a validator that is not ours.
 *
 * @module
 */
import { Ajv2020 } from "npm:ajv@8.20.0/dist/2020.js";
import event from "../schema/event.schema.json" with { type: "json" };
import operation from "../schema/operation.schema.json" with { type: "json" };
import protocol from "../schema/protocol.schema.json" with { type: "json" };
import vector from "../schema/vector.schema.json" with { type: "json" };
import world from "../schema/world.schema.json" with { type: "json" };

/** What is wrong with a message, or undefined. */
type Validate = (message: unknown) => string | undefined;

/** Compiles the protocol's schema, with those that it refers to. */
export function validator(): Validate {
  const ajv = new Ajv2020({ strict: false });
  ajv.addSchema([world, event, operation, vector, protocol]);
  const compiled = ajv.compile({ $ref: "urn:pagespec:protocol:1" });
  return (message) => {
    if (compiled(message)) return undefined;
    const errors = compiled.errors ?? [];
    const deepest = errors.toSorted((a, b) => b.instancePath.length - a.instancePath.length)[0];
    return `${deepest?.instancePath || "the message"} ${deepest?.message ?? "is not valid"}`;
  };
}
