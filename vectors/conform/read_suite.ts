/**
 * Reads a suite from a folder.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { type Suite, suiteOf } from "./suite.ts";

/** The suite of a folder, or one line that says what is wrong with it. */
export function readSuite(folder: string): Suite | string {
  return suiteOf(folder, (name) => {
    try {
      return readFileSync(`${folder}/${name}`, "utf8");
    } catch {
      return undefined;
    }
  });
}
