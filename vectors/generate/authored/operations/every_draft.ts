/**
 * Every operation vector with what the model makes of it.
 *
 * @module
 */
import { type Drafted, draftOf } from "./draft.ts";
import { everyOperationVector } from "./every_operation.ts";
import type { WrittenVector } from "./written.ts";

/** A vector as it is written, and its draft. */
interface WrittenAndDrafted extends Drafted {
  readonly vector: WrittenVector;
}

let drafts: readonly WrittenAndDrafted[] | undefined;

/**
 * In the order of {@linkcode everyOperationVector}. The model is asked once, whoever wants them: they
 * depend on nothing.
 *
 * @throws {RangeError} if the model allows something else than an author
 */
export function everyOperationDraft(): readonly WrittenAndDrafted[] {
  drafts ??= everyOperationVector.map((vector) => ({ vector, ...draftOf(vector) }));
  return drafts;
}
