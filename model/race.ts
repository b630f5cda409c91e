/**
 * The race diagram of kernel mail, as a format of its own: a column for each actor, headed by its
 * name, a line for each step, and what a step came to behind an arrow.
 *
 * ```text
 * Process 1                  Process 2
 *
 * get_block(0) -> HOLE
 *                            get_block(0, create) -> MAPPED
 *                            dax_insert_mapping(0)
 * dax_load_hole(0)
 * ```
 *
 * What the explorer finds is printed so, chapters hold it, and what somebody wrote in a mail is read
 * and judged. Printing and then reading gives the same run.
 *
 * @module
 */
export { columnsOf, type Run, runOf, type RunStep } from "./race/diagram.ts";
export { judgeRace, type RaceVerdict } from "./race/judge.ts";
export { type ParsedRace, parseRace, type Race, type WrittenStep } from "./race/parse.ts";
export { printRace } from "./race/print.ts";
