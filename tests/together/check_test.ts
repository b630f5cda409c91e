/** Verdicts on traces of DAX, and what the recordings show. */
import { together } from "../together.ts";

await together(
  "report",
  "traces_chapter",
  "observations",
  "hostile_text",
  "mangled_trace",
  "fleet",
  "growth",
  "check_classes",
  "check_tasks",
  "selection",
  "earlier_mount",
  "uncounted",
  "private_mappings",
  "misjudged",
  "redraw",
  "needless",
  "dax_write",
);
