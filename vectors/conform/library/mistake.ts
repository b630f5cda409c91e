/**
 * What an implementation does that is no observation.
 *
 * @module
 */

/** The implementation under test made a mistake that no vector is about; its message is a sentence. */
export class Mistake extends Error {}
