/**
 * Opens pages in Chromium as a reader does, and prints as JSON what came of each thing that was tried. It
 * runs in a process of its own, for a browser wants permissions that no test has.
 *
 * @module
 */
import axe from "axe-core";
import puppeteer from "puppeteer-core";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";

/** What came of one thing that was tried. */
export interface Tried {
  readonly name: string;
  /** Empty if it went well. */
  readonly wrong: string;
}

const [folder = "", chromium = ""] = Deno.args;
const tried: Tried[] = [];

const browser = await puppeteer.launch({
  executablePath: chromium,
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run"],
  pipe: true,
});

/** The one tab: each tab of its own costs a process. */
const page = await browser.newPage();
/** All that a page says on its console, or asks of a network, is held against it. */
const complaints: string[] = [];
page.setDefaultTimeout(3000);
page.on("console", (message) => complaints.push(message.text()));
page.on("pageerror", (error) => complaints.push(String(error)));
page.on("dialog", () => complaints.push("a dialog"));
page.on("request", (request) => {
  if (!request.url().startsWith(`file://${folder}/`)) complaints.push(request.url());
});

/** Opens a file in place of the one before. */
async function open(
  name: string,
  width = 1280,
  scheme: "light" | "dark" = "light",
): Promise<void> {
  await page.setViewport({ width, height: 900 });
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  await page.goto(`file://${folder}/${name}`);
}

async function attempt(name: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
    tried.push({ name, wrong: "" });
  } catch (error) {
    tried.push({ name, wrong: error instanceof Error ? error.message : String(error) });
  }
}

/** Text of the element that a selector finds. */
async function textOf(selector: string): Promise<string> {
  return await page.$eval(selector, ({ textContent }) => textContent ?? "");
}

/** What axe-core calls serious, or worse. */
async function seriousProblems(): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate(`axe.run().then(({ violations }) => JSON.stringify(
    violations.filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => id + ": " + nodes[0].html)))`);
  return JSON.parse(String(found));
}

await attempt("a report opens from disk, and asks for nothing", async () => {
  await open("recorded.html");
  assertStringIncludes(await textOf("h1"), "violated");
  assertEquals(complaints, []);
});

await open("one.html");

await attempt("one key goes to the breach", async () => {
  await page.keyboard.press("b");
  await page.waitForFunction(`document.activeElement.matches(".row.breach")`);
  assertStringIncludes(await textOf(".row.breach"), "◀ DAX-CLEAN-2");
});

await attempt("keys step through the events, and what fits goes along", async () => {
  assertStringIncludes(await textOf(".states h3"), "after line 189");
  assertStringIncludes(await textOf(".states"), "writable");
  await page.keyboard.press("j");
  await page.keyboard.press("ArrowDown");
  await page.waitForFunction(
    `document.querySelector(".states h3").textContent.includes("after line 203")`,
  );
  assertStringIncludes(await textOf(".states"), "not flushed");
  await page.keyboard.press("k");
  await page.waitForFunction(
    `document.querySelector(".states h3").textContent.includes("after line 194")`,
  );
  assertEquals(await textOf(".lines .chosen b"), "194");
});

await attempt("the race is copied as its text", async () => {
  await page.evaluate(`navigator.clipboard.writeText = async (text) => { self.copied = text; }`);
  await page.keyboard.press("c");
  await page.waitForFunction("self.copied !== undefined");
  assertEquals(await page.evaluate("self.copied"), await textOf(".diagram pre"));
});

await attempt("a link leads to what the invariant says", async () => {
  await page.click(".breach h2 a");
  await page.waitForSelector(".invariants section:target");
  assertStringIncludes(await textOf(".invariants section:target"), "clear_dirty(t, i)");
});

await attempt("a report is filtered by invariant, and by trace", async () => {
  await open("recorded.html");
  const before = (await page.$$("nav select[name=breach] option")).length;
  await page.select("select[name=invariant]", "DAX-WAIT-1");
  await page.waitForFunction(
    `document.querySelector(".breach h2").textContent.startsWith("DAX-WAIT-1")`,
  );
  await page.select("select[name=file]", "7.2-two-syncs-xfs.trace.txt.gz");
  await page.waitForFunction(
    `document.querySelector(".place").textContent.startsWith("7.2-two-syncs-xfs")`,
  );
  assert((await page.$$("nav select[name=breach] option")).length < before);
});

await attempt("what a trace names is text, whatever it looks like", async () => {
  await open("hostile.html");
  assertStringIncludes(await textOf(".row.head"), "<img onerror=x>-166");
  assertStringIncludes(await textOf("h1"), "</script><b>.txt");
  assertEquals((await page.$$("img, h1 b")).length, 0);
  assertEquals(complaints, []);
});

for (const scheme of ["light", "dark"] as const) {
  for (const width of [1280, 400]) {
    await attempt(`nothing serious for axe-core, ${scheme}, ${width} pixels wide`, async () => {
      await open("one.html", width, scheme);
      await page.screenshot({ path: `${folder}/${scheme}-${width}.png` });
      const wide = await page.evaluate("document.documentElement.scrollWidth");
      assertEquals(wide, width, "it is wider than its window");
      assertEquals(await seriousProblems(), []);
    });
  }
}

await attempt("a digit takes a step, and the state and the address go along", async () => {
  await open("design.html");
  assertStringIncludes(await textOf(".row.breach"), "◀ DAX-WAIT-1");
  await page.click(".summary button:not(.link)");
  await page.waitForFunction(`document.querySelectorAll(".row").length === 2`);
  await page.keyboard.press("1");
  await page.waitForFunction(`document.querySelectorAll(".row").length === 3`);
  assertStringIncludes(await textOf(".states h3"), "after step 1");
  assertStringIncludes(String(await page.evaluate("location.hash")), "#D3-pmd/");
  assertEquals(await seriousProblems(), []);
  assertEquals(complaints, []);
});

await attempt("a race fits a narrow window", async () => {
  await open("design.html", 400);
  assertEquals(await page.evaluate("document.documentElement.scrollWidth"), 400);
  const tallest = await page.evaluate(
    `Math.max(...[...document.querySelectorAll(".row")].map(({ offsetHeight }) => offsetHeight))`,
  );
  assert(Number(tallest) < 150, String(tallest));
  const off = await page.evaluate(`(() => {
    const lefts = (row) => [...row.querySelectorAll(".lane")].map(({ offsetLeft }) => offsetLeft);
    const [head, first] = document.querySelectorAll(".row");
    return lefts(head).join() + " " + lefts(first).join();
  })()`);
  const [head, first] = String(off).split(" ");
  assertEquals(head, first, "a lane stands below its heading");
});

await attempt("a race is played from the address", async () => {
  // The same file with another fragment would not be opened anew.
  await page.goto("about:blank");
  await open("design.html#D3-pmd/");
  assertEquals((await page.$$(".row")).length, 2);
  await page.evaluate(`location.hash = "#D3-pmd/0.0"`);
  await page.waitForFunction(`document.querySelectorAll(".row").length === 4`);
});

await attempt("a design of one's own is walked through, too", async () => {
  await open("own.html");
  assertStringIncludes(await textOf(".row.breach"), "◀ DAX-HOLE-1");
  assertStringIncludes(await textOf(".row.head"), "seq");
  assertEquals(complaints, []);
});

await attempt("a failed vector is drawn with its program, a histogram and a schedule", async () => {
  await open("conform.html");
  assertEquals(await textOf("h1"), "1 vector: 0 passed, 1 failed");
  assertStringIncludes(await textOf(".histogram .forbidden"), "forbidden: COH-1");
  assertStringIncludes(await textOf(".program"), "pwrite d 0+4096, all 1");
  assertStringIncludes(await textOf(".row.breach"), "◀ COH-1");
  assertEquals(await seriousProblems(), []);
  assertEquals(complaints, []);
});

await attempt("the book is searched as one types", async () => {
  await open("search.html");
  await page.type("input", "mkcl");
  await page.waitForSelector(".results a[href='4-mkclean.html#the-trouble']");
  assertEquals((await page.$$(".results li")).length, 1);
  assertEquals(await seriousProblems(), []);
  assertEquals(complaints, []);
});

await attempt("no page has said anything on its console", () => {
  assertEquals(complaints, []);
  return Promise.resolve();
});

await browser.close();
console.log(JSON.stringify(tried));
