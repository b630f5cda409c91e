/**
 * The report of a run as one JSON document, `schema/conform.schema.json`: header, results, footer. A
 * document without its footer, or with counts unlike its results, is no report.
 *
 * @module
 */
import { type Conformance, countVerdicts, statusOf } from "../../conform/result.ts";

/** Version of the document's shape. */
const reportVersion = 1;

/** The document, as a value ready for `JSON.stringify`. */
export function jsonReport(conformance: Conformance): Readonly<Record<string, unknown>> {
  const { suite, command, implementation, schedules, trials, seed, results } = conformance;
  return {
    version: reportVersion,
    header: { suite, command, implementation: implementation ?? null, schedules, trials, seed },
    results,
    footer: {
      vectors: results.length + conformance.notRun,
      ...countVerdicts(conformance),
      notRun: conformance.notRun,
      complaints: conformance.complaints,
      status: statusOf(conformance),
    },
  };
}
