/** Designs, the explorer, races and the parts of the model. */
import { together } from "../together.ts";

await together(
  "race",
  "explore",
  "examine",
  "mailed_races",
  "page_cache",
  "extent_map",
  "race_surroundings",
  "power_failure",
  "race_formats",
  "components",
  "projection",
  "roll",
  "settled",
  "open_occasions",
  "verdict",
  "mutation_matrix_dax",
  "world_limits",
);
