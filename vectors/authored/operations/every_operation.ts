/**
 * Every operation vector that is written by hand.
 *
 * @module
 */
import { directIo } from "./direct_io.ts";
import { holes } from "./holes.ts";
import type { WrittenVector } from "./written.ts";

/** In the order of the systems. */
export const everyOperationVector: readonly WrittenVector[] = [...holes, ...directIo];
