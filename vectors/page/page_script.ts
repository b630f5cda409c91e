/**
 * The scripts of pages: bundled when the npm package is put together; in a checkout, when they are
 * asked for.
 *
 * @module
 */
import { isBundled, root } from "../../spec/root.ts";

/** Pages that have a script, by the names of their modules in `vectors/page/`. */
export const pageNames = [
  "check_page",
  "catalogue_page",
  "own_page",
  "conform_page",
  "search_page",
] as const;

/** Name of a page. */
type PageName = typeof pageNames[number];

/** One line that says why there is no script. */
interface Refusal {
  readonly refused: string;
}

/** The script of a page. */
export async function pageScript(name: PageName): Promise<string | Refusal> {
  const scripts = await pageScripts([name]);
  return "refused" in scripts ? scripts : scripts.join("");
}

/** Scripts of pages, in the order of their names. To bundle them at once takes less than one by one. */
export async function pageScripts(
  names: readonly PageName[],
): Promise<readonly string[] | Refusal> {
  if (isBundled) {
    const files = names.map((name) => new URL(`vectors/page/${name}.js`, root));
    return await Promise.all(files.map((file) => Deno.readTextFile(file)));
  }
  // Packages of a page are those of this repository, wherever it is run from.
  const here = Deno.cwd();
  Deno.chdir(root);
  try {
    return await bundle(names.map((name) => new URL(`vectors/page/${name}.ts`, root).href), "esm");
  } finally {
    Deno.chdir(here);
  }
}

/** The script of the page of somebody's own designs, their module in it. */
export async function ownPageScript(module: URL): Promise<string | Refusal> {
  const page = await pageScript("own_page");
  if (typeof page !== "string") return page;
  const own = await bundle([module.href], "cjs");
  if ("refused" in own) return own;
  // A module that Deno has bundled before, as the package's are, asks for node:module at its head.
  const require = "()=>({createRequire:()=>()=>({})})";
  const load =
    `(module=>{((module,exports,require)=>{${own.join("")}\n})(module,module.exports,${require});` +
    `return module.exports.default})({exports:{}})`;
  return `globalThis.ownDesigns=${load};\n${page}`;
}

/** Bundles each of these modules for browsers, with all that it imports. */
async function bundle(
  entries: readonly string[],
  format: "esm" | "cjs",
): Promise<readonly string[] | Refusal> {
  if (typeof Deno.bundle !== "function") {
    return { refused: "a page is bundled by Deno: run it with --unstable-bundle" };
  }
  try {
    const { success, errors, outputFiles } = await Deno.bundle({
      entrypoints: [...entries],
      format,
      minify: true,
      platform: "browser",
      write: false,
      // Several are told apart by names below a folder, though nothing is written there.
      outputDir: "scripts",
    });
    const scripts = outputFiles?.map((file) => file.text()) ?? [];
    // What a script holds must not end it.
    if (success && scripts.length === entries.length) {
      return scripts.map((script) => script.replaceAll("</script", "<\\/script"));
    }
    return { refused: errors[0]?.text ?? "nothing came of bundling the page" };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const [why = ""] = error.message.split("\n");
    return { refused: `the page cannot be bundled: ${why}` };
  }
}
