/**
 * The book: the chapters as pages.
 *
 * @module
 */
import { assert, assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import { statementsById } from "../spec/statements.ts";
import { bookFiles } from "../vectors/command/book/book_files.ts";
import { renderDocument } from "../vectors/command/book/markdown.ts";

Deno.test("every link of the book leads to a page of it, and to a heading that is there", async (t) => {
  const files = await bookFiles();
  assert(typeof files !== "string", String(files));
  const wrong: string[] = [];
  let races = 0;
  for (const [page, html] of files) {
    const hasScript = page === "search.html" || page === "walk.html";
    assertEquals(/<script/.test(html), hasScript, page);
    if (hasScript) continue;
    races += html.split('<figure class="race">').length - 1;
    for (const [, href = ""] of html.matchAll(/href="([^"]*)"/g)) {
      if (/^[a-z]+:/.test(href)) continue;
      const { pathname, hash } = new URL(href, `file:///${page}`);
      const target = files.get(decodeURIComponent(pathname.slice(1)));
      const isRun = pathname === "/walk.html" || pathname === "/search.html";
      if (target === undefined) wrong.push(`${page}: ${href}`);
      else if (
        hash !== "" && !isRun && !target.includes(`id="${decodeURIComponent(hash.slice(1))}"`)
      ) {
        wrong.push(`${page}: ${href}`);
      }
    }
  }
  assertEquals(wrong, []);
  assertGreater(races, 200);
  await t.step("every invariant has a page, with what breaks it, kills it and shows it", () => {
    for (const id of statementsById().keys()) {
      const html = files.get(`invariants/${id}.html`) ?? "";
      for (const head of ["What breaks it", "What kills it", "What it was seen in"]) {
        assertStringIncludes(html, head, id);
      }
    }
    assertStringIncludes(files.get("invariants/DAX-CLEAN-2.html") ?? "", "5.10-mkclean-ext4");
  });
});

Deno.test("what leaves the book is named and not linked, and an id leads to its page", () => {
  const text =
    "# DAX-TAG-1 x\n\nSee [model](../../model/) and [4](../4-mkclean.md#a), DAX-TAG-1, <b>.\n";
  const ids = new Set(["DAX-TAG-1"]);
  const links = { ids, pages: new Set(["4-mkclean.html"]), draw: () => undefined };
  const { html, title } = renderDocument({ path: "races/D3.md", text }, links);
  assertEquals(title, "DAX-TAG-1 x");
  assertStringIncludes(html, '<span title="../../model/">model</span>');
  assertStringIncludes(html, '<a href="../4-mkclean.html#a">4</a>');
  assertStringIncludes(html, '<a href="../invariants/DAX-TAG-1.html">DAX-TAG-1</a>, &lt;b&gt;.');
});
