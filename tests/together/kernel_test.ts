/** Traces, from their bytes to records, and how they are recorded. */
import { together } from "../together.ts";

await together(
  "trace_dat",
  "recordings_read",
  "ftrace_text",
  "recording",
  "late_lines",
  "open_trace",
  "dialects",
  "known_lines",
  "plan",
  "words",
  "lines",
  "tracefs_copy",
  "symbols",
  "lost_events",
  "syscall_line",
  "fields",
  "print_formats",
  "probe_definition",
  "probe_line",
  "report_columns",
);
