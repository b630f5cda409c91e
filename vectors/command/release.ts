/**
 * `pagespec release [--output FILE]`: writes what authors in other languages need into one archive.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import deno from "../../deno.json" with { type: "json" };
import { systemError } from "../format/system_error.ts";
import { tarOf } from "../release/archive.ts";
import { bundle } from "../release/bundle.ts";
import { complain, printText } from "./output.ts";

const root = new URL("../../", import.meta.url);

/** Folders whose files are in the archive, all of them. */
const folders = ["vectors/suite/", "vectors/schema/", "vectors/known/"];

const files = [
  "LICENSE",
  "CHANGELOG.md",
  "vectors/README.md",
  "vectors/examples/driver.py",
  "vectors/examples/judge.py",
  "spec/worlds.md",
  "spec/events.md",
  "spec/judging.md",
];

/** Runs the verb. Exit status: 0 written; 2 if the archive cannot be written, with why. */
export async function run(args: readonly string[]): Promise<number> {
  const { values: { output } } = parseArgs({
    args: [...args],
    options: {
      output: { type: "string", default: `pagespec-vectors-${deno.version}.tar.gz` },
    },
  });
  const all = await releaseFiles();
  try {
    await Deno.writeFile(output, gzipSync(tarOf(all), { level: 9 }));
  } catch (error) {
    const why = systemError(error);
    complain(`pagespec release: ${output}: ${why}; expected a file that can be written`);
    return 2;
  }
  printText(`${output}: ${all.size} files`);
  return 0;
}

/** The files of the archive by their names: those of the repository, schemas made whole, digests. */
export async function releaseFiles(): Promise<ReadonlyMap<string, Uint8Array>> {
  const names = [...files];
  for (const folder of folders) {
    for await (const { name, isFile } of Deno.readDir(new URL(folder, root))) {
      if (isFile) names.push(folder + name);
    }
  }
  const all = new Map<string, Uint8Array>();
  for (const name of names) all.set(name, await Deno.readFile(new URL(name, root)));
  for (const [name, text] of wholeSchemas(all)) all.set(name, new TextEncoder().encode(text));
  const digests = [...all].map(([name, bytes]) =>
    `${createHash("sha256").update(bytes).digest("hex")}  ${name}`
  );
  all.set("SHA256SUMS", new TextEncoder().encode(`${digests.toSorted().join("\n")}\n`));
  return all;
}

function wholeSchemas(
  all: ReadonlyMap<string, Uint8Array>,
): readonly (readonly [string, string])[] {
  const schemas = [...all].filter(([name]) => name.startsWith("vectors/schema/"))
    .map(([name, bytes]) => [name, JSON.parse(new TextDecoder().decode(bytes))] as const);
  const byId = new Map(schemas.map(([, schema]) => [schema.$id, schema]));
  return schemas.map(([name, { $id }]) => [
    name.replace("vectors/schema/", "vectors/schema/bundled/"),
    `${JSON.stringify(bundle($id, byId), undefined, 2)}\n`,
  ]);
}
