/**
 * The scripts of pages: bundled when the npm package is put together; in a checkout, when they are
 * asked for.
 *
 * @module
 */
import { isBundled, root } from "../../spec/root.ts";

/** Pages that have a script, by the names of their modules in `vectors/page/`. */
export const pageNames = ["check_page"] as const;

/** Name of a page. */
type PageName = typeof pageNames[number];

/** The script of a page, or one line that says why there is none. */
export async function pageScript(name: PageName): Promise<string | { readonly refused: string }> {
  if (isBundled) return await Deno.readTextFile(new URL(`vectors/page/${name}.js`, root));
  return await bundlePage(new URL(`vectors/page/${name}.ts`, root).href);
}

/** Bundles a module for browsers, with all that it imports. */
async function bundlePage(
  entry: string,
): Promise<string | { readonly refused: string }> {
  try {
    const { success, errors, outputFiles } = await Deno.bundle({
      entrypoints: [entry],
      format: "esm",
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
