/** The chapters, README and the house. */
import { together } from "../together.ts";

await together(
  "explain_command",
  "release",
  "picture",
  "chapter_numbers",
  "readme",
  "readme_picture",
  "vectors_readme",
  "findings",
  "house",
  "chapters",
  "seeds",
  "links",
  "chapter_ids",
  "commits",
  "chapter",
  "breach_evidence",
  "blocks",
  "generated_part",
  "spec_index",
  "explain_design",
  "explain",
  "kernels",
  "nearest",
);
