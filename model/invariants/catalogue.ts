/**
 * Every invariant that the model judges, in the order of the chapters.
 *
 * @module
 */
import type { Invariant } from "../invariant.ts";
import { ADD_1, ADD_2, ADD_3, LOCK_2 } from "./add_lock.ts";
import { CLEAN_1, CLEAN_2, CLEAN_3 } from "./clean.ts";
import { COH_1, COH_2, COH_3, COH_4, COH_5 } from "./coherence.ts";
import { DUR_2, DUR_3, DUR_4, DUR_5, META_1, META_2, META_3, MSYNC_1 } from "./crash.ts";
import { DUR_1, WAIT_1 } from "./durability.ts";
import { COW_1, SIZE_1, ZERO_1, ZERO_2 } from "./block.ts";
import { EMPTY_1, ENTRY_1, ENTRY_2, ENTRY_3, ENTRY_4, ENTRY_5 } from "./entry.ts";
import { HOLE_1, HOLE_2, HOLE_3, HOLE_4, HOLE_5 } from "./hole.ts";
import { INV_1, INV_2, INV_3, INV_4, INV_5, INV_6 } from "./invalidate.ts";
import { LOCK_1 } from "./lock.ts";
import { LAYOUT_1, LAYOUT_2, PIN_1, PIN_2, PIN_3, PIN_5, RO_1 } from "./pin.ts";
import { STABLE_1, STABLE_2, STABLE_3 } from "./stable.ts";
import { MKWRITE_1, MKWRITE_2, WB_CLEAN_1, WB_TAG_1, WB_TOWRITE_1 } from "./writeback.ts";
import { TAG_1, TAG_2, TAG_3, TAG_4 } from "./tag.ts";

export const invariants: readonly Invariant[] = [
  HOLE_1,
  HOLE_2,
  HOLE_3,
  HOLE_4,
  HOLE_5,
  ENTRY_1,
  ENTRY_2,
  ENTRY_3,
  ENTRY_4,
  ENTRY_5,
  EMPTY_1,
  ZERO_1,
  ZERO_2,
  SIZE_1,
  COW_1,
  TAG_1,
  TAG_2,
  TAG_3,
  TAG_4,
  CLEAN_1,
  CLEAN_2,
  CLEAN_3,
  WAIT_1,
  DUR_1,
  DUR_2,
  DUR_3,
  DUR_4,
  DUR_5,
  META_1,
  META_2,
  META_3,
  MSYNC_1,
  COH_1,
  COH_2,
  COH_3,
  COH_4,
  COH_5,
  ADD_1,
  ADD_2,
  ADD_3,
  LOCK_1,
  LOCK_2,
  INV_1,
  INV_2,
  INV_3,
  INV_4,
  INV_5,
  INV_6,
  WB_CLEAN_1,
  WB_TAG_1,
  WB_TOWRITE_1,
  MKWRITE_1,
  MKWRITE_2,
  STABLE_1,
  STABLE_2,
  STABLE_3,
  PIN_1,
  PIN_2,
  PIN_3,
  PIN_5,
  LAYOUT_1,
  LAYOUT_2,
  RO_1,
];
