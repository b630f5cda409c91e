/** Verdicts on traces of DAX. */
import { together } from "../together.ts";

await together(
  "report",
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
