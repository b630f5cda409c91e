import { assertEquals, assertLess, assertStringIncludes } from "@std/assert";
import { pictured, picturedFile, sourceIn, sourceOf, withSource } from "./page/pictured.ts";

Deno.test("README's picture shows what check draws now; else: deno task picture", async () => {
  const png = await Deno.readFile(picturedFile);
  assertLess(png.length, 200_000);
  assertEquals(sourceIn(png), await sourceOf(await pictured()), "stale: deno task picture");
  const readme = await Deno.readTextFile(new URL("../README.md", import.meta.url));
  assertStringIncludes(readme, "](spec/5.10-mkclean-ext4.png)");
});

Deno.test("a picture tells what it was drawn from", () => {
  const png = new Uint8Array(60).fill(1);
  assertEquals(sourceIn(png), "");
  assertEquals(sourceIn(withSource(png, "a".repeat(64))), "a".repeat(64));
});
