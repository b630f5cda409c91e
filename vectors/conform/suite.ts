/**
 * A suite, put together by its manifest: what is not whole is not run.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { AnyVector } from "../format/any_vector.ts";
import { schemaVersion, type SuiteFile } from "../format/vector.ts";

/** A suite. */
export interface Suite {
  readonly version: string;
  readonly vectors: readonly AnyVector[];
}

/** What the runner needs of a manifest. */
interface Manifest {
  readonly schema: string;
  readonly suite: string;
  readonly files: readonly {
    readonly name: string;
    readonly sha256: string;
    readonly vectors: number;
  }[];
}

/**
 * The suite of a folder, or one line that says what is wrong with it. `textOf` gives the text of a file
 * of the folder, or undefined if there is none.
 */
export function suiteOf(
  folder: string,
  textOf: (name: string) => string | undefined,
): Suite | string {
  const read = <T>(name: string): { text: string; value: T } | string =>
    parse<T>(`${folder}/${name}`, textOf(name));
  const manifest = read<Manifest>("manifest.json");
  if (typeof manifest === "string") return manifest;
  const schema: unknown = manifest.value?.schema;
  if (typeof schema !== "string" || majorOf(schema) !== majorOf(schemaVersion)) {
    const expected = `expected schema ${majorOf(schemaVersion)}, not ${JSON.stringify(schema)}`;
    return `${folder}/manifest.json: ${expected}`;
  }
  if (!isWhole(manifest.value)) return `${folder}/manifest.json: expected suite and files`;
  const { suite, files } = manifest.value;
  const vectors: AnyVector[] = [];
  for (const { name, sha256, vectors: count } of files) {
    const path = `${folder}/${name}`;
    const file = read<SuiteFile<AnyVector>>(name);
    if (typeof file === "string") return file;
    if (createHash("sha256").update(file.text).digest("hex") !== sha256) {
      return `${path}: expected the file whose digest the manifest gives`;
    }
    if (file.value.vectors.length !== count) return `${path}: expected ${count} vectors`;
    vectors.push(...file.value.vectors);
  }
  return { version: suite, vectors };
}

function parse<T>(path: string, text: string | undefined): { text: string; value: T } | string {
  if (text === undefined) return `${path}: expected a file of a suite`;
  try {
    return { text, value: JSON.parse(text) };
  } catch (error) {
    return `${path}: expected JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** True if everything is there that the runner reads; its schema says more. */
function isWhole({ suite, files }: Manifest): boolean {
  return typeof suite === "string" && Array.isArray(files) &&
    files.every((file) => typeof file?.name === "string" && typeof file.sha256 === "string");
}

function majorOf(version: string): string {
  return version.split(".")[0] ?? version;
}
