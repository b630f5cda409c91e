/**
 * Readers of reports that are not ours: XML as its specification has it, and KTAP as the kernel's own
 * tools/testing/kunit reads it, where that is installed below /usr/src.
 *
 * @module
 */
import { SaxesParser } from "saxes";
import { isX86Linux } from "./platform.ts";

/** What a document of JUnit holds: the attributes of its cases, and what is said of each. */
interface JunitCase {
  readonly name: string;
  readonly outcome: string;
  readonly says: string;
}

/**
 * The cases of a JUnit document.
 *
 * @throws {Error} if it is not well-formed XML 1.0
 */
export function junitCases(document: string): readonly JunitCase[] {
  const cases: JunitCase[] = [];
  let name = "";
  let found: Omit<JunitCase, "name"> = { outcome: "passed", says: "" };
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name: tag, attributes }) => {
    if (tag === "testcase") {
      name = attributes.name ?? "";
      found = { outcome: "passed", says: "" };
    } else if (!/^(testsuite|propert)/.test(tag)) {
      found = { outcome: tag, says: attributes.message ?? "" };
    }
  });
  parser.on("closetag", ({ name: tag }) => {
    if (tag === "testcase") cases.push({ name, ...found });
  });
  parser.write(document).close();
  return cases;
}

/** A folder of the kernel's sources with kunit.py in it. */
async function findKunit(): Promise<string | undefined> {
  if (!isX86Linux) return undefined;
  try {
    for await (const { name } of Deno.readDir("/usr/src")) {
      const folder = `/usr/src/${name}/tools/testing/kunit`;
      if ((await Deno.stat(`${folder}/kunit.py`).catch(() => undefined))?.isFile) return folder;
    }
  } catch {
    return undefined;
  }
  return undefined;
}

const kunit = await findKunit();

/** Why no KTAP can be read here, for the names of tests; empty if it can. */
export const withoutKunit: string = kunit === undefined
  ? ": no tools/testing/kunit in a folder of /usr/src"
  : "";

/** What kunit.py counts in a stream, and whether it finds anything wrong with its form. */
interface KunitCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly crashed: number;
  /** What it says of lines that it does not understand. */
  readonly errors: readonly string[];
}

/** Reads a KTAP stream with `kunit.py parse`. */
export async function readKtap(stream: string): Promise<KunitCounts> {
  const child = new Deno.Command("python3", {
    args: [`${kunit}/kunit.py`, "parse"],
    env: { PYTHONDONTWRITEBYTECODE: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(`${stream}\n`));
  await writer.close();
  const { stdout, stderr } = await child.output();
  const text = new TextDecoder();
  const out = text.decode(stdout);
  const count = (what: string): number =>
    Number(new RegExp(`Ran \\d+ tests:.*\\b${what}: (\\d+)`).exec(out)?.[1] ?? 0);
  return {
    passed: count("passed"),
    failed: count("failed"),
    skipped: count("skipped"),
    crashed: count("crashed"),
    errors: [...out.split("\n").filter((line) => /\[ERROR\]/.test(line)), text.decode(stderr)]
      .filter((line) => line !== ""),
  };
}
