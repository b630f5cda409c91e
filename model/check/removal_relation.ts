/**
 * How the range that a call removes lies to a page.
 *
 * @module
 */
import type { Projection } from "./explain.ts";
import type { RemovalBeginSeen } from "./observation.ts";

const pageSize = 4096;

const pmdSize = 512 * pageSize;

/** True if a PMD range that holds the page holds a removed byte, too. */
function sharesPmd(fromByte: number, toByte: number, pgoff: number): boolean {
  const start = Math.floor(pgoff * pageSize / pmdSize) * pmdSize;
  return fromByte < toByte && fromByte < start + pmdSize && start < toByte;
}

/** The removal as the page sees it: inside, cut, in the same PMD range, or elsewhere. */
export function projectRemoval(
  { fromByte, toByte, why }: RemovalBeginSeen,
  pgoff: number,
  removesWholeEntries: boolean,
): Projection {
  const start = pgoff * pageSize;
  const end = start + pageSize;
  const relation = fromByte >= toByte
    ? "elsewhere"
    : fromByte <= start && end <= toByte
    ? "inside"
    : fromByte < end && start < toByte
    ? "partial"
    : sharesPmd(fromByte, toByte, pgoff)
    ? "outside"
    : "elsewhere";
  return { kind: "removal", why, relation, removesWholeEntries };
}
