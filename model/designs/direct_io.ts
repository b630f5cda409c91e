/**
 * System C: direct I/O against the page cache (chapter 3).
 *
 * @module
 */
import type { Design } from "../design.ts";
import { crossedWriteDesigns } from "./crossed_writes.ts";
import { directTruncateDesigns } from "./direct_truncate.ts";
import { directReadDesigns } from "./direct_read.ts";
import { directWriteDesigns } from "./direct_write.ts";
import { glockWriteDesigns } from "./glock_writes.ts";

/** Every design of system C. */
export const directIoDesigns: readonly Design[] = [
  ...directWriteDesigns,
  ...directReadDesigns,
  ...crossedWriteDesigns,
  ...glockWriteDesigns,
  ...directTruncateDesigns,
];
