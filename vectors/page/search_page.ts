/**
 * The page that searches the book: it has all of the book's text in it.
 *
 * @module
 */
import MiniSearch from "npm:minisearch@7.2.0";
import type { SearchDocument } from "./document.ts";
import { type Drawn, h, render, useState } from "./preact.ts";

/** Results that are shown: whoever wants more names more. */
const mostShown = 40;

const embedded = document.getElementById("document")?.textContent ?? "";
const { sections }: SearchDocument = JSON.parse(embedded);
const index = new MiniSearch<{ readonly id: number }>({
  fields: ["title", "text"],
  // An id is one word, and so is a function's name.
  tokenize: (text) => text.split(/[^\p{L}\p{N}_-]+/u),
  searchOptions: { boost: { title: 4 }, prefix: true, fuzzy: 0.1, combineWith: "AND" },
});
index.addAll(sections.map(({ title, text }, id) => ({ id, title, text })));

function Search(): Drawn {
  const [query, setQuery] = useState(decodeURIComponent(location.hash.slice(1)));
  const found = index.search(query);
  return h(
    "main",
    null,
    h("p", null, h("a", { href: "index.html" }, "Contents")),
    h(
      "label",
      null,
      h("h1", null, "Search the book"),
      h("input", {
        type: "search",
        value: query,
        autofocus: true,
        onInput: ({ target }: Event) => {
          if (!(target instanceof HTMLInputElement)) return;
          setQuery(target.value);
          history.replaceState(null, "", `#${encodeURIComponent(target.value)}`);
        },
      }),
    ),
    h("p", { role: "status" }, query === "" ? "" : `${found.length} sections`),
    h(
      "ol",
      { class: "results" },
      found.slice(0, mostShown).map(({ id }) => {
        const { page, title, text } = sections[id] ?? { page: "", title: "", text: "" };
        return h(
          "li",
          { key: id },
          h("a", { href: page }, title),
          h("div", { class: "note" }, around(text, query)),
        );
      }),
    ),
  );
}

/** A little of the text around the first word that was asked for. */
function around(text: string, query: string): string {
  const [word = ""] = query.split(/\s+/);
  const at = Math.max(0, text.toLowerCase().indexOf(word.toLowerCase()) - 80);
  return `${at > 0 ? "... " : ""}${text.slice(at, at + 240)}${
    text.length > at + 240 ? " ..." : ""
  }`;
}

render(h(Search, null), document.body);
