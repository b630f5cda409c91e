/**
 * Reads YAML, by the package `js-yaml`: cards of invariants and of recordings.
 *
 * @module
 */

import { load, YAMLException } from "npm:js-yaml@5.5.0";

/** What a YAML text says, or where it breaks off. Line and column count from 1. */
type YamlRead =
  | { readonly kind: "value"; readonly value: unknown }
  | {
    readonly kind: "malformed";
    readonly line: number;
    readonly column: number;
    /** What is wrong there. */
    readonly says: string;
  };

/** Reads one YAML document. Never throws. */
export function readYaml(text: string): YamlRead {
  try {
    return { kind: "value", value: load(text) };
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const { reason, mark: { line, column } = { line: 0, column: 0 } } = error;
    return { kind: "malformed", line: line + 1, column: column + 1, says: reason };
  }
}
