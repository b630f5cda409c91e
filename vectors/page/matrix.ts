/**
 * Results by invariant and by capability.
 *
 * @module
 */
import type { RunVector } from "./document.ts";
import { type Drawn, h } from "./preact.ts";

const columns = ["passed", "failed", "known", "unexpected", "skipped", "errored"] as const;

interface MatrixOf {
  readonly vectors: readonly RunVector[];
  /** Asks for the vectors of an invariant or a capability. */
  readonly show: (name: string) => void;
}

/** Draws both tables; columns in which nothing stands are left out. */
export function Matrix({ vectors, show }: MatrixOf): Drawn {
  const shown = columns.filter((verdict) => vectors.some((each) => each.verdict === verdict));
  const bad = (name: string, of: (vector: RunVector) => readonly string[]): number =>
    vectors.filter((each) => each.verdict === "failed" && of(each).includes(name)).length;
  const table = (head: string, of: (vector: RunVector) => readonly string[]): Drawn => {
    const names = [...new Set(vectors.flatMap(of))].sort((one, other) =>
      bad(other, of) - bad(one, of) || (one < other ? -1 : 1)
    );
    return h(
      "table",
      { class: "matrix" },
      h(
        "thead",
        null,
        h("tr", null, [head, ...shown].map((name) => h("th", { scope: "col", key: name }, name))),
      ),
      h(
        "tbody",
        null,
        names.map((name) =>
          h(
            "tr",
            { key: name },
            h(
              "th",
              { scope: "row" },
              h("button", { type: "button", class: "link", onClick: () => show(name) }, name),
            ),
            shown.map((verdict) => {
              const count = vectors.filter((each) =>
                each.verdict === verdict && of(each).includes(name)
              ).length;
              const mark = verdict === "failed" && count > 0 ? " mark" : "";
              return h("td", { class: `number${mark}`, key: verdict }, count === 0 ? "" : count);
            }),
          )
        ),
      ),
    );
  };
  return h(
    "div",
    { class: "matrices", tabIndex: 0, role: "region", "aria-label": "results" },
    table("invariant", ({ exercises }) => exercises),
    table("capability", ({ capabilities }) => capabilities),
  );
}
