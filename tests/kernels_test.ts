/**
 * `spec/kernels.md`: rows of runs on real kernels, each renewed from a report.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { kernelsPart, recordedPart, renewed } from "../vectors/command/chapters/kernels_table.ts";
import { jsonReport } from "../vectors/command/report/check_json.ts";
import { headerLines } from "../vectors/kernel/recording/header_lines.ts";
import { judgeLines } from "./judge_text.ts";
import { KERNEL_6_12 } from "./trace_excerpts.ts";

/** A report of a run on a kernel. */
function reportOf(
  version: string,
  details: string,
  verdicts: Readonly<Record<string, string>>,
  notRun = 0,
): string {
  return JSON.stringify({
    header: { implementation: { name: "ext4", version, details }, trials: 200, seed: 1 },
    results: Object.entries(verdicts).map(([handle, verdict]) => ({ handle, verdict })),
    footer: { notRun },
  });
}

const plain = reportOf("Linux 6.12.118+deb13-amd64", "on /dev/vda, 4096-byte blocks", {
  "COH-6/a": "passed",
  "DUR-1/b": "skipped",
});

Deno.test("a report renews the row of its kernel, file system and way, and no other", () => {
  const first = renewed([], plain, "2026-11-28");
  assert(typeof first !== "string");
  const details = "4096-byte blocks, mounted with dax=always, power is cut";
  const cut = reportOf("Linux 5.10.0-46-amd64", details, { "DAX-CLEAN-2/c": "failed" });
  const second = renewed(first, cut, "2026-11-28");
  assert(typeof second !== "string");
  const third = renewed(second, plain, "2026-11-29");
  assert(typeof third !== "string");
  assertEquals(
    third.map((row) => {
      const { kernel, fileSystem, way, date } = row;
      const counts = way === "recorded" ? [] : [row.passed, ...row.failed];
      return [kernel, fileSystem, way, date, ...counts].join(" ");
    }),
    [
      "5.10.0-46-amd64 ext4, DAX power cuts 2026-11-28 0 DAX-CLEAN-2/c",
      "6.12.118+deb13-amd64 ext4 system calls 2026-11-29 1",
    ],
  );
  const [counts, , failures] = kernelsPart(third).split("\n\n");
  assertEquals(counts?.split("\n").length, 4);
  assertEquals(failures, "- 5.10.0-46-amd64, ext4, DAX, power cuts: DAX-CLEAN-2/c");
});

Deno.test("a row says how many images were tried, and of how many", () => {
  const report = JSON.parse(reportOf("Linux 6.12", "power is cut", { "DUR-1/a": "passed" }));
  const rowWith = (...possible: readonly string[]): string => {
    const results = possible.map((each) => ({
      ...report.results[0],
      images: { tried: 20, possible: each },
    }));
    const rows = renewed([], JSON.stringify({ ...report, results }), "2026-11-29");
    assert(typeof rows !== "string");
    return kernelsPart(rows).split("\n")[2] ?? "";
  };
  assertMatch(rowWith("20", "44"), / power cuts, 40 of 64 /);
  assertMatch(rowWith("44", "1234567890123"), / power cuts, 40 of about 10\^12 /);
});

/** A report of `check` on a recording: verdicts of invariants, each judged three times. */
function judged(
  verdicts: Readonly<Record<string, string>>,
  ...mount: readonly string[]
): Readonly<Record<string, unknown>> {
  const trace = {
    ...{ path: "pagespec.trace.txt", format: "ftrace", kernel: "6.12.118+deb13-amd64" },
    ...(mount.length === 0 ? {} : { mount: mount.join(" ") }),
    ...{ events: 1200, lost: 0, skipped: [], verdict: "violated", notes: [] },
    invariants: Object.entries(verdicts).map(([id, verdict]) => ({
      ...{ id, verdict, judged: 3, open: 0, breaches: [], why: "a line is missing" },
    })),
  };
  return { version: 1, traces: [trace] };
}

Deno.test("a recording is a row of its own, and says which invariants it decides", () => {
  const report = judged(
    { "DUR-1": "holds", "META-2": "holds", "COH-1": "undecided", "INV-4": "unexercised" },
    ...["254:0", "/mnt/pagespec", "ext4", "rw,relatime"],
  );
  const dax = judged({ "DAX-TAG-4": "violated" }, "259:0", "/mnt", "xfs", "rw,dax=always");
  let rows = renewed([], plain, "2026-11-28");
  for (const each of [report, dax, report]) {
    assert(typeof rows !== "string");
    rows = renewed(rows, JSON.stringify(each), "2026-11-29");
  }
  assert(typeof rows !== "string");
  const [counts, said] = recordedPart(rows).split("\n\n");
  assertEquals(counts?.split("\n").length, 4);
  assertEquals(said?.split("\n"), [
    "- 6.12.118+deb13-amd64, ext4: holds: DUR-1 (3), META-2 (3); undecided: COH-1",
    "- 6.12.118+deb13-amd64, xfs, DAX: violated: DAX-TAG-4",
  ]);
  assertEquals(kernelsPart(rows), kernelsPart(rows.filter(({ way }) => way !== "recorded")));
  assertEquals(kernelsPart(rows).split("\n").length, 3);
});

Deno.test("what is no whole run on a kernel as it is renews nothing", () => {
  const asTheyAre = "expected a run on a kernel and a device as they are";
  for (
    const [report, says] of [
      ["", "expected a JSON report of conform or check"],
      [
        JSON.stringify(judged({})),
        "expected a trace of `record --dir`, which says what was recorded",
      ],
      ['{"version":1,"traces":[]}', "expected a report of one trace"],
      [reportOf("0.1.0", "", {}), "expected the report of a file system on Linux"],
      [reportOf("Linux 6.12", "", {}, 3), "expected a run that went to its end"],
      ...["/run/skipping_calls.so before the C library", "a device that lies about wait"].map((
        each,
      ) => [reportOf("Linux 6.12", `${each}, power is cut`, {}), `${asTheyAre}: ${each}`] as const),
    ] as const
  ) assertEquals(renewed([], report, "2026-11-29"), says);
});

Deno.test("a recording of a kernel that was made to leave a function out is no row", async () => {
  const mount = "254:0 /mnt/pagespec ext4 rw,relatime";
  const rowOf = async (skips: { readonly skips?: string }) => {
    const facts = { kernel: "6.12.118+deb13-amd64", mount, ...skips };
    const result = await judgeLines([...headerLines(facts), ...KERNEL_6_12.split("\n")]);
    assert(result !== undefined);
    return renewed([], JSON.stringify(jsonReport([result])), "2026-11-29");
  };
  assert(typeof await rowOf({}) !== "string");
  assertEquals(
    await rowOf({ skips: "folio_mkclean" }),
    "expected a recording of a kernel as it is: this one left folio_mkclean() out",
  );
});
