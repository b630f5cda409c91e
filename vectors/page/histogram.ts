/**
 * What was observed of a vector, against what is allowed.
 *
 * @module
 */
import type { ObservedLine } from "./document.ts";
import { type Drawn, h } from "./preact.ts";

/** Draws a bar for each observation; allowed ones that were not seen have none. */
export function Histogram({ observed }: { readonly observed: readonly ObservedLine[] }): Drawn {
  const most = Math.max(1, ...observed.map(({ count }) => count));
  return h(
    "table",
    { class: "histogram" },
    h("caption", null, "Observed, and allowed"),
    h(
      "tbody",
      null,
      observed.map(({ text, count, breaks }) =>
        h(
          "tr",
          { key: text, class: breaks.length === 0 ? "" : "forbidden" },
          h("td", { class: "number" }, count === 0 ? "not seen" : String(count)),
          h(
            "td",
            { class: "bar" },
            h("div", { style: { width: `${100 * count / most}%` } }),
          ),
          h("td", null, h("code", null, text)),
          h(
            "td",
            null,
            breaks.length === 0
              ? "allowed"
              : h("strong", { class: "mark" }, `◀ forbidden: ${breaks.join(" or ")}`),
          ),
        )
      ),
    ),
  );
}
