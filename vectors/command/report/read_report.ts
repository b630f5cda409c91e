/**
 * Reads a report of `check` back: whatever its schema allows, and nothing else.
 *
 * @module
 */
import { readBy } from "../../conform/validate.ts";
import schema from "../../schema/check.schema.json" with { type: "json" };
import type { CheckReport } from "./check_json.ts";

/** The report; or, if it is none, where and what its schema wants. */
export const readReport: (document: unknown) => CheckReport | string = readBy(schema, "the report");
