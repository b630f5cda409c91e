/**
 * JSON Schemas, and a validator for them that is not ours.
 *
 * @module
 */
import { Ajv2020, type Options, type ValidateFunction } from "npm:ajv@8.20.0/dist/2020.js";

export type { ErrorObject } from "npm:ajv@8.20.0/dist/2020.js";
export type { ValidateFunction };

/**
 * An empty set of schemas, to which others are added and by which values are held. The code of their
 * validators is left as it is: to shorten it takes as long as all else, and V8 runs either as fast.
 */
export function createSchemas(options: Options = {}): Ajv2020 {
  return new Ajv2020({ strict: false, code: { optimize: false }, ...options });
}
