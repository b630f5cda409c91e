/**
 * Two processes map one file. What mkclean did to the mapping of one says nothing of the other's
 * (WB-CLEAN-1). The recording is of a kernel that reached both; lines of a fault are taken out, as they
 * would be missing if mkclean had not reached the second.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { recordedText } from "./recorded.ts";
import { judgeLines, recounted, verdictOn, violated } from "./judge_text.ts";
import { between, find } from "./made_breach.ts";

const lines = await recordedText("6.12-msync-xfs");

/** mmA has made a page of the folio writable; mmB stores to another page of it, and needed a fault. */
const from = find(lines, 3600, "mmB-281", "op=store off=");
const to = find(lines, from, "mmB-281", "op=store done");

/** As if mkclean had missed the mapping of mmB: its store needs no fault. */
const missed = lines.filter((_, n) =>
  n <= from || n >= to || !between(lines, n, n, "mmB-281 ").length
);

/** What `task_newtask` prints when both have begun. */
function born(flags: string): readonly string[] {
  const [, head = ""] = /^(\s*\S+-\d+\s+\([ \d]+\) \[\d+\] \S+\s+)\d+\.\d+: /.exec(
    lines.find((line) => line.includes("mmA-280")) ?? "",
  ) ?? [];
  const [, time = ""] = / (\d+\.\d+): /.exec(lines.find((line) => !line.startsWith("#")) ?? "") ??
    [];
  return ["mmA 280", "mmB 281"].map((child) => {
    const [comm, pid] = child.split(" ");
    return `${head.replace("mmA-280", "    main-279").replace("280)", "279)")}${time}: ` +
      `task_newtask: pid=${pid} comm=${comm} clone_flags=${flags} oom_score_adj=0`;
  });
}

function judged(text: readonly string[], births: readonly string[]) {
  const first = text.findIndex((line) => line !== "" && !line.startsWith("#"));
  return judgeLines(
    recounted([...text.slice(0, first), ...births, ...text.slice(first)]),
    "6.12.107",
  );
}

Deno.test("a mkclean that reached one process and not another breaks WB-CLEAN-1, whoever stored first", async () => {
  const result = await judged(missed, born("1200011"));
  assertEquals(violated(result), ["WB-CLEAN-1"]);
  const [breach] = result?.invariants.find(({ id }) => id === "WB-CLEAN-1")?.breaches ?? [];
  assertEquals(breach?.mapping?.split(" ")[1], "g281");
});

const wbClean = async (text: readonly string[], births: readonly string[] = []) =>
  verdictOn(await judged(text, births), "WB-CLEAN-1");

Deno.test("where two processes may share their memory, the store is undecided", async () => {
  assertEquals(await wbClean(missed), "undecided");
  assertEquals(await wbClean(lines), "holds");
});

Deno.test("threads, and processes that share their memory, make pages writable for each other", async () => {
  const threads = missed.map((line) => line.replace(/mmB-281( +)\(( +)281\)/, "mmB-281$1($2280)"));
  assertEquals(await wbClean(threads), "holds");
  // vfork: CLONE_VM and CLONE_VFORK.
  assertEquals(await wbClean(missed, born("4111")), "holds");
});

Deno.test("what is mapped elsewhere in one memory may have been moved by mremap", async () => {
  const remapped = missed.map((line) =>
    line.replace("(    281)", "(    280)").replace(
      /^( +mmA-280 .* (?:addr|va)=0x7f)f/,
      "$1e",
    )
  );
  assertEquals(await wbClean(remapped, born("1200011")), "holds");
});

Deno.test("a fault of a task that has marked no store may be in the memory of another", async () => {
  const unmarked = missed.filter((line) => !/mmA-280 .* op=store/.test(line));
  assertEquals(await wbClean(unmarked, born("1200011")), "undecided");
});
