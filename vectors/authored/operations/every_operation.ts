/**
 * Every operation vector that is written by hand.
 *
 * @module
 */
import { daxDurability } from "./dax_durability.ts";
import { directIo } from "./direct_io.ts";
import { durability } from "./durability.ts";
import { holes } from "./holes.ts";
import { metadata } from "./metadata.ts";
import { pins } from "./pins.ts";
import { removal } from "./removal.ts";
import type { WrittenVector } from "./written.ts";

/** In the order of the systems. */
export const everyOperationVector: readonly WrittenVector[] = [
  ...holes,
  ...durability,
  ...metadata,
  ...daxDurability,
  ...directIo,
  ...pins,
  ...removal,
];
