import { assertEquals, assertLess, assertStringIncludes } from "@std/assert";
import { pictured, picturedFiles, sourceIn, sourceOf, withSource } from "./page/pictured.ts";

Deno.test("README's pictures show what check draws now; else: deno task picture", async () => {
  const source = await sourceOf(await pictured());
  const readme = await Deno.readTextFile(new URL("../README.md", import.meta.url));
  for (const path of Object.values(picturedFiles)) {
    const png = await Deno.readFile(new URL(`../${path}`, import.meta.url));
    assertLess(png.length, 200_000);
    assertEquals(sourceIn(png), source, "stale: deno task picture");
    assertStringIncludes(readme, `"${path}"`);
  }
});

Deno.test("a picture tells what it was drawn from", () => {
  const png = new Uint8Array(60).fill(1);
  assertEquals(sourceIn(png), "");
  assertEquals(sourceIn(withSource(png, "a".repeat(64))), "a".repeat(64));
});
