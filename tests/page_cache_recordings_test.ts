/**
 * Recordings of ext4 and XFS in the page cache. What is true of them was decided by a script that
 * shares nothing with the product.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { pageCacheIds } from "../model/check/page_cache/ids.ts";
import { readChapters } from "../spec/chapters.ts";
import { checkTrace, type TraceResult } from "../vectors/kernel/check_trace.ts";
import { openTrace } from "../vectors/kernel/open_trace.ts";
import { verdictOn } from "./judge_text.ts";

Deno.test("the chapter says what decides each invariant of the page cache", async () => {
  const chapters = await readChapters();
  const tables = chapters.filter(({ file }) => file === "spec/traces-page-cache.md")
    .flatMap(({ blocks }) => blocks)
    .flatMap((block) => block.kind === "table" && block.header[1]?.endsWith(", if") ? [block] : []);
  assertEquals(tables.map(({ header }) => header[1]), ["broken, if", "kept, if"]);
  for (const { rows } of tables) {
    assertEquals(rows.map(({ cells: [id] }) => id), [...pageCacheIds]);
  }
});

const folder = new URL("../../shared/pagecache/6.12.107/", import.meta.url);
const here = await Deno.stat(folder).then(() => true, () => false);

/** Of each recording: sync calls that had dirty folios, and what its README says of verdicts. */
const recordings: ReadonlyMap<
  string,
  { readonly syncs: number; readonly broken?: number; readonly holds?: readonly string[] }
> = new Map([
  ["bw-ext4", { syncs: 120 }],
  ["bw-xfs", { syncs: 120 }],
  ["di-ext4", { syncs: 1, holds: ["COH-1", "COH-3"] }],
  ["di-xfs", { syncs: 1, holds: ["COH-1", "COH-3"] }],
  ["er-ext4", { syncs: 2 }],
  ["er-xfs", { syncs: 2 }],
  ["erflush-ext4", { syncs: 2, broken: 2 }],
  ["erflush-xfs", { syncs: 2, broken: 2 }],
  ["fio-mmap-xfs", { syncs: 63 }],
  ["fio-procs-ext4", { syncs: 31 }],
  ["fsx-ext4", { syncs: 29, holds: ["INV-4", "INV-5"] }],
  ["fsx-xfs", { syncs: 33, holds: ["INV-4", "INV-5"] }],
  ["lf-ext4", { syncs: 62 }],
  ["lf-thp-xfs", { syncs: 62 }],
  ["lf-xfs", { syncs: 62 }],
  ["mm-ext4", { syncs: 81 }],
  ["mm-xfs", { syncs: 81 }],
  ["rd-ext4", { syncs: 81 }],
  ["rd-ext4-delay", { syncs: 61 }],
  ["rd-ext4-stable", { syncs: 61 }],
  ["rd-xfs", { syncs: 81 }],
  ["rd-xfs-delay", { syncs: 61 }],
  ["rd-xfs-stable", { syncs: 61 }],
  ["sy-ext4", { syncs: 37 }],
  ["sy-xfs", { syncs: 37 }],
  ["tp-ext4", { syncs: 41, holds: ["INV-3", "INV-4"] }],
  ["tp-xfs", { syncs: 41, holds: ["INV-3", "INV-4"] }],
]);

for (const [name, { syncs, broken = 0, holds = [] }] of recordings) {
  Deno.test({
    name: `${name} gets what is true of it`,
    ignore: !here,
    fn: async () => {
      const result = await judge(new URL(`${name}.trace.txt.gz`, folder).pathname);
      const judged = judgedOf(result, "DUR-1") + judgedOf(result, "DUR-2");
      assertEquals(judged, syncs);
      const looked = result.notes.flatMap((note) =>
        note.kind === "page_cache" ? [note.numbers] : []
      );
      assertEquals(looked.map(({ syncsWithData }) => syncsWithData), [syncs]);
      const stable = name.endsWith("-stable") ? "holds" : "unexercised";
      for (const id of ["STABLE-1", "STABLE-2"]) assertEquals(verdictOn(result, id), stable, id);
      for (const id of holds) assertEquals(verdictOn(result, id), "holds", id);
      const errors = name.startsWith("er") ? "holds" : "unexercised";
      assertEquals(verdictOn(result, "DUR-5"), errors);
      const breaches = result.invariants.flatMap((each) => each.breaches.map(() => each.id));
      assertEquals(breaches, Array.from({ length: broken }, () => "DUR-1"));
      assertEquals(result.invariants.filter(({ verdict }) => verdict === "undecided"), []);
    },
  });
}

/** Pages made writable and copies made while the folio was under writeback, where that is allowed. */
const unstable: ReadonlyMap<string, number> = new Map([
  ["rd-ext4", 62 + 4],
  ["rd-ext4-delay", 146 + 201],
  ["rd-xfs", 31 + 17],
  ["rd-xfs-delay", 168 + 225],
  ["rd-xfs-stable", 0],
]);

for (const [name, changes] of unstable) {
  Deno.test({
    name: `if ${name} had needed stable pages, STABLE-2 were broken ${changes} times`,
    ignore: !here,
    fn: async () => {
      const result = await judge(new URL(`${name}.trace.txt.gz`, folder).pathname, true);
      const found = result.invariants.find(({ id }) => id === "STABLE-2");
      assertEquals(found?.breaches.length, changes);
      assertEquals(found?.verdict, changes === 0 ? "holds" : "violated");
    },
  });
}

async function judge(path: string, stableWrites?: boolean): Promise<TraceResult> {
  const trace = await openTrace(path);
  assert(trace.kind === "trace", path);
  return await checkTrace(trace, { path, kernel: "6.12.107", stableWrites });
}

function judgedOf({ invariants }: TraceResult, id: string): number {
  return invariants.find((each) => each.id === id)?.judged ?? 0;
}
