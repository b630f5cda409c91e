/**
 * The invariants that a report names, as their chapters state them.
 *
 * @module
 */
import type { InvariantText } from "./document.ts";
import { type Drawn, h } from "./preact.ts";

/** Draws them, each under its id as an anchor. */
export function Invariants({ all }: { readonly all: readonly InvariantText[] }): Drawn | null {
  if (all.length === 0) return null;
  return h(
    "section",
    { class: "invariants" },
    h("h2", null, "What the chapters say"),
    all.map(({ id, sentence, formula, exceptions, sources, prose, chapter, more }) =>
      h(
        "section",
        { key: id, id, tabIndex: -1 },
        h("h3", null, `${id} `, h("span", null, sentence)),
        h("pre", { tabIndex: 0, "aria-label": `formula of ${id}` }, formula),
        prose.split(/\n\n+/).map((paragraph, at) => h("p", { key: at }, plain(paragraph))),
        h(Facts, { name: "exceptions", values: exceptions }),
        h(Facts, { name: "sources", values: sources }),
        h("p", { class: "more" }, chapter, "; more: ", h("code", null, more)),
      )
    ),
  );
}

function Facts(
  { name, values }: { readonly name: string; readonly values: readonly string[] },
): Drawn | null {
  if (values.length === 0) return null;
  return h("p", null, h("b", null, `${name}: `), values.map(plain).join("; "));
}

/** Markdown as text: what a link names, without where it goes. */
function plain(markdown: string): string {
  return markdown.replace(/\[([^\]]+)\]\([^)]+\)/g, "$1").replaceAll("`", "").replaceAll("\n", " ");
}
