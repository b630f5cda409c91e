/**
 * Reads the files of a suite: what is not whole is not run.
 *
 * @module
 */
import { schemaVersion, type SuiteFile } from "../vector.ts";
import type { AnyVector } from "./question.ts";

/** A suite. */
export interface Suite {
  readonly version: string;
  readonly vectors: readonly AnyVector[];
}

/** The suite that is bundled. */
export const suiteFolder = new URL("../suite/", import.meta.url).pathname;

/** Reads every JSON file of a folder, or says in one line what is wrong. */
export async function readSuite(folder: string): Promise<Suite | string> {
  const names: string[] = [];
  try {
    for await (const { name, isFile } of Deno.readDir(folder)) {
      if (isFile && name.endsWith(".json") && name !== "manifest.json") names.push(name);
    }
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return `${folder}: expected a folder with a suite`;
    throw error;
  }
  const versions = new Set<string>();
  const vectors: AnyVector[] = [];
  for (const name of names.sort()) {
    const path = `${folder.replace(/\/$/, "")}/${name}`;
    const file = await readFile(path);
    if (typeof file === "string") return file;
    versions.add(file.suite);
    vectors.push(...file.vectors);
  }
  const [version, ...others] = versions;
  if (version === undefined) return `${folder}: expected at least one file of vectors`;
  if (others.length > 0) return `${folder}: expected one suite, not versions ${[...versions]}`;
  return { version, vectors };
}

async function readFile(path: string): Promise<SuiteFile<AnyVector> | string> {
  const text = await Deno.readTextFile(path);
  let file: SuiteFile<AnyVector>;
  try {
    file = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return `${path}: expected JSON: ${why}`;
  }
  const { schema, vectors, count } = file;
  if (typeof schema !== "string" || majorOf(schema) !== majorOf(schemaVersion)) {
    return `${path}: expected schema ${majorOf(schemaVersion)}, not ${JSON.stringify(schema)}`;
  }
  if (!Array.isArray(vectors) || vectors.length !== count) {
    return `${path}: expected ${count} vectors, as its count says`;
  }
  return file;
}

function majorOf(version: string): string {
  return version.split(".")[0] ?? version;
}
