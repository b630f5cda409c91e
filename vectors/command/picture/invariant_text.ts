/**
 * Invariants as their chapters state them, for a page.
 *
 * @module
 */
import { statementsById } from "../../../spec/statements.ts";
import type { InvariantText } from "../../page/document.ts";
import { command } from "../called.ts";

/** The texts of these invariants, each once. */
export function invariantTexts(ids: Iterable<string>): readonly InvariantText[] {
  return [...new Set(ids)].flatMap((id) => {
    const statement = statementsById().get(id);
    if (statement === undefined) return [];
    const { sentence, formula, exceptions, sources, prose, file } = statement;
    const more = command(`explain ${id}`);
    return [{ id, sentence, formula, exceptions, sources, prose, chapter: file, more }];
  });
}
