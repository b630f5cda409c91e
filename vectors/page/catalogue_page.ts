/**
 * The page of designs of the catalogue.
 *
 * @module
 */
import { designs } from "../../model/designs/catalogue.ts";
import { showDesigns } from "./explore_page.ts";

showDesigns(designs);
