/**
 * Reads a report of `check` back: whatever its schema allows, and nothing else.
 *
 * @module
 */
import { readerBy } from "../../conform/validate.ts";
import schema from "../../schema/check.schema.json" with { type: "json" };
import type { CheckReport } from "./check_json.ts";

/** The report, if it is one. */
export const readReport: (document: unknown) => CheckReport | undefined = readerBy(schema);
