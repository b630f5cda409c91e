/**
 * A suite, put together by its manifest: what is not whole is not run.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { AnyVector } from "../format/any_vector.ts";
import { counted } from "../format/counted.ts";
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

/** What a file of a suite holds. */
export type FileKind = "manifest" | "suite";

/**
 * The suite of a folder, or one line that says what is wrong with it. `textOf` gives the text of a file
 * of the folder, or undefined if there is none. A digest says only that a file is its author's: one that
 * is not ours is validated.
 */
export function suiteOf(
  folder: string,
  textOf: (name: string) => string | undefined,
  mistakeIn: (kind: FileKind, value: unknown) => string | undefined = () => undefined,
): Suite | string {
  const read = <T>(name: string): { text: string; value: T } | string =>
    parse<T>(`${folder}/${name}`, textOf(name));
  const manifest = read<Manifest>("manifest.json");
  if (typeof manifest === "string") return manifest;
  const schema: unknown = manifest.value?.schema;
  if (schema !== schemaVersion) {
    const found = String(JSON.stringify(schema)).slice(0, 40);
    return `${folder}/manifest.json: expected schema ${schemaVersion}, not ${found}`;
  }
  const wrong = mistakeIn("manifest", manifest.value);
  if (wrong !== undefined) return `${folder}/manifest.json: ${wrong}`;
  const { suite, files } = manifest.value;
  const vectors: AnyVector[] = [];
  for (const { name, sha256, vectors: count } of files) {
    const path = `${folder}/${name}`;
    const file = read<SuiteFile<AnyVector>>(name);
    if (typeof file === "string") return file;
    if (createHash("sha256").update(file.text).digest("hex") !== sha256) {
      return `${path}: expected the file whose digest the manifest gives`;
    }
    const wrong = mistakeIn("suite", file.value);
    if (wrong !== undefined) return `${path}: ${wrong}`;
    if (file.value.vectors.length !== count) return `${path}: expected ${counted(count, "vector")}`;
    for (const vector of file.value.vectors) vectors.push(vector);
  }
  const handles = new Set<string>();
  for (const { handle } of vectors) {
    if (handles.has(handle)) return `${folder}: expected each handle once, not ${handle} again`;
    handles.add(handle);
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
