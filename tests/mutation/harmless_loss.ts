/**
 * What an entry of the list of harmless losses says.
 *
 * @module
 */

/** Losses that nothing shows, for one reason. */
export interface HarmlessLoss {
  /**
   * Whether a kernel could do without it: `none` if that costs time, or makes something fail that
   * need not; `unseen` if it would do harm, but to what no world here looks at.
   */
  readonly harm: "none" | "unseen";
  readonly why: string;
  /** Letters of the systems in whose worlds something else happens, and nothing breaks. */
  readonly systems: string;
  /** As `loss_text.ts` says them. */
  readonly losses: readonly string[];
}
