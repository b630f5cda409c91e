/**
 * Reads a suite from a folder. Nobody vouches for it: a file is what its schema says, or it is not run.
 *
 * @module
 */
import { lstatSync, readFileSync } from "node:fs";
import { type Suite, suiteOf } from "./suite.ts";
import { mistakeInFile } from "./validate.ts";

/** The suite of a folder, or one line that says what is wrong with it. */
export function readSuite(folder: string): Suite | string {
  return suiteOf(folder, (name) => textOf(`${folder}/${name}`), mistakeInFile);
}

/** The text of a file that is neither a link, which may lead anywhere, nor a device, which may not end. */
function textOf(path: string): string | undefined {
  try {
    return lstatSync(path).isFile() ? readFileSync(path, "utf8") : undefined;
  } catch {
    return undefined;
  }
}
