/**
 * What rests on exploring every design: in one module, so that each is explored once.
 */
import "./every_design/verdicts.ts";
import "./every_design/chapters.ts";
import "./every_design/races.ts";
import "./every_design/harmless.ts";
