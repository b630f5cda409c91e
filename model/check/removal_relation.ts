/**
 * How the range that a call removes lies to a page.
 *
 * @module
 */
import type { Projection, RemovalRelation } from "./explain.ts";
import type { Completeness, RemovalBeginSeen } from "./observation.ts";

const pageSize = 4096;
const pmdSize = 512 * pageSize;

/** The removal as the page sees it. */
export function projectRemoval(
  removal: RemovalBeginSeen,
  pgoff: number,
  { removesWholeEntries, removesElsewhere }: Completeness,
): Projection {
  const relation = relationOf(removal, pgoff);
  return { kind: "removal", why: removal.why, relation, removesWholeEntries, removesElsewhere };
}

function relationOf(
  { fromByte, toByte, why, ranged }: RemovalBeginSeen,
  pgoff: number,
): RemovalRelation {
  if (!ranged) return "unknown";
  const start = pgoff * pageSize;
  const end = start + pageSize;
  const shifts = why === "collapse" || why === "insert";
  if (shifts && start >= (why === "insert" ? fromByte : toByte)) return "shifted";
  if (fromByte >= toByte) return "elsewhere";
  if (fromByte <= start && end <= toByte) return "inside";
  if (fromByte < end && start < toByte) return "partial";
  return sharesPmd(fromByte, shifts ? Infinity : toByte, pgoff) ? "outside" : "elsewhere";
}

/** True if a PMD range that holds the page holds a removed byte, too. */
function sharesPmd(fromByte: number, toByte: number, pgoff: number): boolean {
  const start = Math.floor(pgoff * pageSize / pmdSize) * pmdSize;
  return fromByte < start + pmdSize && start < toByte;
}
