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

/** A script, or one line that says why there is none. */
type Script = string | { readonly refused: string };

/** The script of a page. */
export async function pageScript(name: PageName): Promise<Script> {
  if (isBundled) return await Deno.readTextFile(new URL(`vectors/page/${name}.js`, root));
  // Packages of a page are those of this repository, wherever it is run from.
  const here = Deno.cwd();
  Deno.chdir(root);
  try {
    return await bundle(new URL(`vectors/page/${name}.ts`, root).href, "esm");
  } finally {
    Deno.chdir(here);
  }
}

/** The script of the page of somebody's own designs, their module in it. */
export async function ownPageScript(module: URL): Promise<Script> {
  const page = await pageScript("own_page");
  const own = await bundle(module.href, "cjs");
  if (typeof page !== "string" || typeof own !== "string") {
    return typeof page === "string" ? own : page;
  }
  // A module that Deno has bundled before, as the package's are, asks for node:module at its head.
  const require = "()=>({createRequire:()=>()=>({})})";
  const load =
    `(module=>{((module,exports,require)=>{${own}\n})(module,module.exports,${require});` +
    `return module.exports.default})({exports:{}})`;
  return `globalThis.ownDesigns=${load};\n${page}`;
}

/** Bundles a module for browsers, with all that it imports. */
async function bundle(entry: string, format: "esm" | "cjs"): Promise<Script> {
  if (typeof Deno.bundle !== "function") {
    return { refused: "a page is bundled by Deno: run it with --unstable-bundle" };
  }
  try {
    const { success, errors, outputFiles } = await Deno.bundle({
      entrypoints: [entry],
      format,
      minify: true,
      platform: "browser",
      write: false,
    });
    const script = outputFiles?.[0]?.text();
    // What a script holds must not end it.
    if (success && script !== undefined) return script.replaceAll("</script", "<\\/script");
    return { refused: errors[0]?.text ?? "nothing came of bundling the page" };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const [why = ""] = error.message.split("\n");
    return { refused: `the page cannot be bundled: ${why}` };
  }
}
