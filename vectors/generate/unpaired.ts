/**
 * Invariants that have event vectors of one sign only, or none, each with the reason.
 *
 * @module
 */

/** Ids without a rejected, and without an accepted, event vector. */
export const unpaired: {
  readonly [sign in "rejected" | "accepted"]: Readonly<Record<string, string>>;
} = {
  rejected: {
    "LOCK-1": "that somebody waits for ever is no event; operation vectors show it, as a hang",
  },
  accepted: {
    "LOCK-1": "that nobody waits for ever is no event; operation vectors show it, as an end",
  },
};
