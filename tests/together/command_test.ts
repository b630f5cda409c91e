/** Commands, in a process of their own. */
import { together } from "../together.ts";

await together(
  "explore_command",
  "race_command",
  "judge_example",
  "package",
  "hostile_names",
  "killed_driver",
  "permissions",
);
