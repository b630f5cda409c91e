/**
 * System E: pins and stable pages (chapter 5).
 *
 * @module
 */
import type { Design } from "../design.ts";
import { busyScanDesigns } from "./busy_scan.ts";
import { daxLayoutDesigns } from "./dax_layout.ts";
import { directBufferDesigns } from "./direct_buffer.ts";
import { gupDesigns } from "./gup.ts";
import { readOnlyPinDesigns } from "./read_only_pin.ts";
import { replacedPinDesigns } from "./replaced_pin.ts";

/** Every design of system E. */
export const pinDesigns: readonly Design[] = [
  ...gupDesigns,
  ...daxLayoutDesigns,
  ...directBufferDesigns,
  ...readOnlyPinDesigns,
  ...replacedPinDesigns,
  ...busyScanDesigns,
];
