/**
 * One self-contained file of HTML: a style, a script, and what the script draws. It loads nothing.
 *
 * @module
 */
import { createHash } from "node:crypto";
import style from "../../page/style.css" with { type: "text" };
import { visible, visibleJson } from "../report/visible.ts";

/** What a page is made of. */
interface HtmlPage {
  readonly title: string;
  /** Our own script; what others wrote is in `document` alone. */
  readonly script: string;
  /** What the script draws: any value that JSON carries. */
  readonly document: unknown;
}

/**
 * The file. Its content security policy allows this style and this script and nothing else. What others
 * wrote is JSON in a block that is no script, and no character of it can end that block.
 */
export function htmlPage({ title, script, document }: HtmlPage): string {
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const data = visibleJson(shown(document)).replaceAll("<", "\\u003c");
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escaped(visible(title))}</title>`,
    `<style>${style}</style>`,
    "</head>",
    "<body>",
    "<noscript>This page draws what was found with the script that is in it.</noscript>",
    `<script type="application/json" id="document">${data}</script>`,
    `<script type="module">${script}</script>`,
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

/** The value with all its texts made fit to be shown; their line breaks are ours. */
function shown(value: unknown): unknown {
  if (typeof value === "string") return value.split("\n").map(visible).join("\n");
  if (Array.isArray(value)) return value.map(shown);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, shown(each)]));
}
