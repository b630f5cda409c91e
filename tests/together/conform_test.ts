/** Conformance: suites, drivers, the library, guests, and what a power cut leaves. */
import { together } from "../together.ts";

await together(
  "conform",
  "library",
  "hostile_suites",
  "library_runs",
  "driver_lines",
  "images",
  "stored_bytes",
  "unpacked_image",
  "guest_lacks",
);
