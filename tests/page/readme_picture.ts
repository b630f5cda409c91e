/**
 * Draws the pictures that README shows, `spec/5.10-mkclean-ext4.png` and its dark twin: a breach as the page
 * of `check` has it. It needs Chromium. A test says whether they are stale, without one.
 *
 * @module
 */
import { assert } from "@std/assert";
import puppeteer from "puppeteer-core";
import { htmlPage } from "../../vectors/command/picture/html_page.ts";
import { pageScript } from "../../vectors/page/page_script.ts";
import { chromiumPath } from "./chromium.ts";
import { pictured, picturedFiles, sourceOf, withSource } from "./pictured.ts";

const executablePath = await chromiumPath();
assert(executablePath !== "", "expected chromium to be installed");
const document = await pictured();
const script = await pageScript("check_page");
assert(typeof script === "string", String(script));
const folder = await Deno.makeTempDir({ prefix: "pagespec" });
await Deno.writeTextFile(`${folder}/page.html`, htmlPage({ title: "check", script, document }));

const args = ["--no-sandbox", "--disable-gpu"];
const browser = await puppeteer.launch({ executablePath, args, pipe: true });
const page = await browser.newPage();
await page.setViewport({ width: 1280, height: 900 });
await page.goto(`file://${folder}/page.html`);
const clip = await page.evaluate(`(() => {
  const top = document.querySelector(".breach").getBoundingClientRect();
  const drawing = document.querySelector(".drawing").getBoundingClientRect();
  const y = top.top + scrollY - 16;
  return { x: 0, y, width: innerWidth, height: drawing.bottom + scrollY + 16 - y };
})()`);
for (const [scheme, path] of Object.entries(picturedFiles)) {
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  const png = await page.screenshot({ captureBeyondViewport: true, clip: rectangle(clip) });
  const file = new URL(`../../${path}`, import.meta.url);
  await Deno.writeFile(file, withSource(png, await sourceOf(document)));
}
await browser.close();
await Deno.remove(folder, { recursive: true });

/** A rectangle that the page has measured. */
function rectangle(value: unknown) {
  assert(typeof value === "object" && value !== null);
  const { x, y, width, height }: Record<string, unknown> = { ...value };
  return { x: Number(x), y: Number(y), width: Number(width), height: Number(height) };
}
