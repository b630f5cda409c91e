/**
 * How the range that a call removes lies to a page.
 *
 * @module
 */
import type { Projection } from "./explain.ts";
import type { RemovalBeginSeen } from "./observation.ts";

const pageSize = 4096;

/** The removal as the page sees it: inside, cut, or merely in the same PMD range. */
export function projectRemoval(
  { fromByte, toByte, why }: RemovalBeginSeen,
  pgoff: number,
  removesWholeEntries: boolean,
): Projection {
  const start = pgoff * pageSize;
  const end = start + pageSize;
  const relation = fromByte <= start && end <= toByte
    ? "inside"
    : fromByte < end && start < toByte
    ? "partial"
    : "outside";
  return { kind: "removal", why, relation, removesWholeEntries };
}
