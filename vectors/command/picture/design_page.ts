/**
 * Prints the page of designs.
 *
 * @module
 */
import { moduleUrl } from "../own_designs.ts";
import { printDocument } from "../output.ts";
import type { ExploreDocument } from "../../page/document.ts";
import { ownPageScript, pageScript } from "../../page/page_script.ts";
import { htmlPage } from "./html_page.ts";

/**
 * Prints it; returns why it cannot be made, if it cannot. `file` is the module of designs of one's own,
 * undefined stands for the catalogue.
 */
export async function printDesignPage(
  document: ExploreDocument,
  file: string | undefined,
): Promise<string | undefined> {
  const script = file === undefined
    ? await pageScript("catalogue_page")
    : await ownPageScript(moduleUrl(file));
  if (typeof script !== "string") return script.refused;
  const [only, ...others] = document.designs;
  const title = only === undefined || others.length > 0
    ? document.title
    : `${only.id}: ${document.title}`;
  printDocument(htmlPage({ title, script, document }));
  return undefined;
}
