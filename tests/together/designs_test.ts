/** What rests on exploring the designs of the catalogue, each of them once. */
import { together } from "../together.ts";

await together(
  "every_design",
  "system_designs",
  "explore_agreement",
  "promela",
  "equivalent_mutants",
);
