/**
 * A document of `spec/` as HTML: its links lead to pages of the book, ids lead to their invariants, and
 * races are drawn.
 *
 * @module
 */
import markdownIt from "npm:markdown-it@15.0.3";

/** A document to be rendered. */
export interface Document {
  /** Where it lies below `spec/`: `races/D3.md`. */
  readonly path: string;
  readonly text: string;
}

/** What a document becomes. */
interface Rendered {
  /** Text of its first heading. */
  readonly title: string;
  readonly html: string;
  /** Sections for the search, by the fragments of their headings. */
  readonly sections: readonly Section[];
}

/** A heading and what stands below it. */
interface Section {
  readonly fragment: string;
  readonly title: string;
  readonly text: string;
}

/** What the book knows that a document does not. */
interface BookLinks {
  /** Ids of all invariants. */
  readonly ids: ReadonlySet<string>;
  /** Addresses of all pages. */
  readonly pages: ReadonlySet<string>;
  /** The drawing of a race, in the place of its text; undefined where it cannot be drawn. */
  readonly draw: (race: string, toRoot: string) => string | undefined;
}

/** The address of a document's page below the book's folder: `races/D3.html`. */
export function pageOf(path: string): string {
  return path.replace(/(^|\/)README\.md$/, "$1index.md").replace(/\.md$/, ".html");
}

/** From a page back to the book's folder: `../`, or nothing. */
export function toRootFrom(path: string): string {
  return "../".repeat(path.split("/").length - 1);
}

/** Renders a document. */
export function renderDocument({ path, text }: Document, links: BookLinks): Rendered {
  const md = markdownIt({ html: false });
  const toRoot = toRootFrom(path);
  const sections: { fragment: string; title: string; text: string }[] = [];
  md.core.ruler.push("book", ({ tokens, Token }) => {
    for (const [at, token] of tokens.entries()) {
      const { children } = token;
      if (tokens[at - 1]?.type === "heading_open") {
        const title = (children ?? []).map(({ content }) => content).join("");
        const fragment = slug(title);
        tokens[at - 1]?.attrSet("id", fragment);
        sections.push({ fragment, title, text: "" });
      } else if (token.content !== "") {
        const section = sections.at(-1);
        if (section !== undefined) section.text += ` ${token.content}`;
      }
      if (children === null) continue;
      let inLink = false;
      token.children = children.flatMap((child) => {
        if (child.type === "link_open") {
          const written = String(child.attrGet("href") ?? "");
          const href = hrefIn(path, written, links.pages);
          inLink = true;
          // What lies outside of the book is named, and not linked to.
          if (href === undefined) child.tag = "span";
          child.attrs = href === undefined ? [["title", written]] : [["href", href]];
        } else if (child.type === "link_close") {
          inLink = false;
        } else if (child.type === "text" && !inLink) {
          return linked(child.content, links.ids).map(({ id, text }) => {
            const part = new Token(id === undefined ? "text" : "html_inline", "", 0);
            part.content = id === undefined
              ? text
              : `<a href="${toRoot}invariants/${id}.html">${id}</a>`;
            return part;
          });
        }
        return [child];
      });
      closeSpans(token.children);
    }
  });
  md.renderer.rules["fence"] = (tokens, at) => {
    const { info = "", content = "" } = tokens[at] ?? {};
    const drawn = info.startsWith("race") ? links.draw(content, toRoot) : undefined;
    return drawn ?? `<pre tabindex="0"><code>${md.utils.escapeHtml(content)}</code></pre>\n`;
  };
  const html = md.render(text.replaceAll(/^<!-- .*? -->\n/gm, ""));
  return { title: sections[0]?.title ?? path, html, sections };
}

/** A link that is no link any more ends as what it has become. */
function closeSpans(tokens: readonly { readonly type: string; tag: string }[]): void {
  let open = "a";
  for (const token of tokens) {
    if (token.type === "link_open") open = token.tag;
    if (token.type === "link_close") token.tag = open;
  }
}

/** Where a link of a document leads in the book; undefined if out of it. */
function hrefIn(path: string, href: string, pages: ReadonlySet<string>): string | undefined {
  if (/^[a-z]+:/.test(href)) return href;
  const [target = "", fragment] = href.split("#");
  const hash = fragment === undefined ? "" : `#${fragment}`;
  if (target === "") return hash;
  const { pathname } = new URL(target, `file:///book/spec/${path}`);
  const page = pageOf(pathname.replace(/\/$/, "/README.md").replace(/^\/book\/spec\//, ""));
  return pages.has(page) ? `${pageOf(target.replace(/\/$/, "/README.md"))}${hash}` : undefined;
}

/** The parts of a text, ids of invariants by themselves. */
function linked(
  text: string,
  ids: ReadonlySet<string>,
): readonly { readonly id?: string; readonly text: string }[] {
  return text.split(/\b([A-Z]+(?:-[A-Z]+)*-\d+)\b/).flatMap((part) => {
    if (part === "") return [];
    return ids.has(part) ? [{ id: part, text: part }] : [{ text: part }];
  });
}

/** The fragment by which a heading is linked to: as GitHub makes it. */
function slug(heading: string): string {
  return heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-");
}
