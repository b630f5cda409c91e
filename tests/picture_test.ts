/**
 * Pictures as data: what they show is what was found, and nothing that others wrote can be more than text.
 *
 * @module
 */
import { assert, assertEquals, assertFalse } from "@std/assert";
import fc from "fast-check";
import type { FittingState, Track } from "../model/picture/picture.ts";
import { htmlPage } from "../vectors/command/picture/html_page.ts";
import { visible } from "../vectors/command/report/visible.ts";
import { bandOf } from "../vectors/page/bands.ts";
import { recordText } from "../vectors/kernel/record_text.ts";

const anything = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom("</script>", "<!--<script>", "<img onerror=x>", "\u202e", "\u2028", "a\nb"),
);

/** The block of data in a page. */
function dataOf(html: string): string {
  return /<script type="application\/json" id="document">(.*?)<\/script>/s.exec(html)?.[1] ?? "";
}

Deno.test("whatever others wrote, the page carries it as text, and it ends no block", () => {
  fc.assert(fc.property(fc.array(anything), anything, (texts, title) => {
    const html = htmlPage({ title, script: "let x;", document: { texts } });
    const data = dataOf(html);
    assertFalse(data.includes("<"));
    const seen = texts.map((text) => text.split("\n").map(visible).join("\n"));
    assertEquals(JSON.parse(data), { texts: seen });
    const [, named = ""] = /<title>(.*?)<\/title>/s.exec(html) ?? [];
    assertFalse(named.includes("<"));
    assertEquals(html.match(/<script/g)?.length, 2);
  }));
});

Deno.test("a page allows its own style and script, and nothing else", () => {
  const html = htmlPage({ title: "x", script: "let x;", document: {} });
  const [, policy = ""] = /Content-Security-Policy" content="([^"]*)"/.exec(html) ?? [];
  assertEquals(
    policy.replaceAll(/sha256-[\w+/=]{44}/g, "HASH"),
    "default-src 'none'; script-src 'HASH'; style-src 'HASH'; base-uri 'none'; form-action 'none'",
  );
});

/** States of two lanes, some of which rest on something unseen. */
const states: fc.Arbitrary<readonly FittingState[]> = fc.array(
  fc.record({
    values: fc.tuple(fc.constantFrom("clear", "set"), fc.constantFrom("none", "read", "write")),
    ifOnly: fc.constantFrom(undefined, "if"),
  }, { requiredKeys: ["values"] }).map(({ values, ifOnly }) => ({
    values,
    ...(ifOnly === undefined ? {} : { ifOnly }),
  })),
  { maxLength: 4 },
);

Deno.test("a band says a value for certain only where every state that fits has it", () => {
  fc.assert(fc.property(fc.array(states, { minLength: 1 }), (sets) => {
    const lanes = [{ name: "DIRTY", says: "", idle: "clear" }, {
      name: "PTE",
      says: "",
      idle: "none",
    }];
    const track: Track = { name: "page 0", lanes, sets, at: sets.map((_, at) => at) };
    for (const lane of [0, 1]) {
      for (const [row, { kind, text }] of bandOf(track, lane).entries()) {
        const all = sets[row] ?? [];
        const plain = all.filter(({ ifOnly }) => ifOnly === undefined);
        const values = new Set((plain.length > 0 ? plain : all).map(({ values }) => values[lane]));
        assertEquals(kind === "unseen", values.size === 0);
        assertEquals(kind === "several", values.size > 1);
        if (values.size === 1) assert(values.has(text));
      }
    }
  }));
});

Deno.test("a record of a binary trace is shown as tracefs would print it", () => {
  const head = { line: 3, task: "procA", pid: 165, cpu: 1, time: 13_673_969_000 };
  assertEquals(
    recordText({ ...head, kind: "tracepoint", name: "dax_pmd_fault", body: "dev 259:0" }),
    "procA-165 [001] 13.673969: dax_pmd_fault: dev 259:0",
  );
  assertEquals(
    recordText({ ...head, kind: "syscall-exit", syscall: "fsync", result: -5 }),
    "procA-165 [001] 13.673969: sys_fsync -> -5",
  );
});
