/** Verdicts on traces of DAX, what the recordings show, and the verb that prints it. */
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
  "zero_page_race",
  "first_seen_late",
  "huge_fault_beside_removal",
  "less_evidence",
  "changed_text",
  "shared_recordings",
  "check_command",
);
