/**
 * Every invariant that the model judges, in the order of the chapters.
 *
 * @module
 */
import type { Invariant } from "../invariant.ts";
import { CLEAN_1, CLEAN_2, CLEAN_3 } from "./clean.ts";
import { DUR_1, WAIT_1 } from "./durability.ts";
import { ENTRY_1, ENTRY_2, ENTRY_4 } from "./entry.ts";
import { HOLE_1, HOLE_2, HOLE_3, HOLE_4, HOLE_5 } from "./hole.ts";
import { LOCK_1 } from "./lock.ts";
import { TAG_1, TAG_2, TAG_3, TAG_4 } from "./tag.ts";

export const invariants: readonly Invariant[] = [
  HOLE_1,
  HOLE_2,
  HOLE_3,
  HOLE_4,
  HOLE_5,
  ENTRY_1,
  ENTRY_2,
  ENTRY_4,
  TAG_1,
  TAG_2,
  TAG_3,
  TAG_4,
  CLEAN_1,
  CLEAN_2,
  CLEAN_3,
  WAIT_1,
  DUR_1,
  LOCK_1,
];
