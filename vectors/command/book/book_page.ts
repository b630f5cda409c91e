/**
 * The frame of a page of the book. It has no script.
 *
 * @module
 */
import book from "../../page/book.css" with { type: "text" };
import style from "../../page/style.css" with { type: "text" };

/** A page with its contents rendered. */
interface BookPage {
  readonly title: string;
  readonly html: string;
  /** From the page to the book's folder. */
  readonly toRoot: string;
  /** The table of contents: pages by their titles. */
  readonly contents: readonly (readonly [page: string, title: string])[];
  /** Address of the page, which the contents may have. */
  readonly page: string;
}

const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** The file. */
export function bookPage({ title, html, toRoot, contents, page }: BookPage): string {
  const entries = contents.map(([target, name]) => {
    const here = target === page ? ' aria-current="page"' : "";
    return `<li><a href="${toRoot}${target}"${here}>${escaped(name)}</a></li>`;
  });
  const at = contents.findIndex(([target]) => target === page);
  const turns = [["previous", contents[at - 1]], ["next", contents[at + 1]]] as const;
  const turn = at < 0
    ? ""
    : turns.flatMap(([word, entry]) =>
      entry === undefined
        ? []
        : [`<p>${word}: <a href="${toRoot}${entry[0]}">${escaped(entry[1])}</a></p>`]
    ).join("");
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escaped(title)}</title>`,
    `<style>${style}${book}</style>`,
    "</head>",
    '<body class="book">',
    `<nav aria-label="contents"><p><a href="${toRoot}search.html">Search</a></p>`,
    `<ul>${entries.join("")}</ul></nav>`,
    `<main>${html}<footer>${turn}</footer></main>`,
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
