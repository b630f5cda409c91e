/**
 * The page of designs of one's own: what their module exports stands before this script.
 *
 * @module
 */
import type { Design } from "../../model/design.ts";
import { showDesigns } from "./explore_page.ts";

declare global {
  /** What the module of somebody's designs exports by default; `explore` has examined it. */
  var ownDesigns: Design | readonly Design[];
}

showDesigns([globalThis.ownDesigns].flat());
