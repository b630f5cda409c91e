/**
 * System F: whatever takes pages out of a file, against whatever brings them in (chapter 6).
 *
 * @module
 */
import type { Design } from "../design.ts";
import { collapseDesigns } from "./collapse.ts";
import { extendDesigns } from "./extend.ts";
import { isizeDesigns } from "./isize.ts";
import { largeFolioDesigns } from "./large_folio.ts";
import { punchDesigns } from "./punch.ts";
import { shortWriteDesigns } from "./short_write.ts";
import { staleIomapDesigns } from "./stale_iomap.ts";
import { zeroTailDesigns } from "./zero_tail.ts";

/** Every design of system F. */
export const truncateDesigns: readonly Design[] = [
  ...punchDesigns,
  ...isizeDesigns,
  ...collapseDesigns,
  ...extendDesigns,
  ...staleIomapDesigns,
  ...largeFolioDesigns,
  ...shortWriteDesigns,
  ...zeroTailDesigns,
];
