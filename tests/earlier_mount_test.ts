/**
 * What a force of the log shows: nothing of a file system that is mounted from the device later, whose
 * sequences begin anew, and nothing if its caller has not waited.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { judgeLines, recounted, verdictOn } from "./judge_text.ts";
import { recordedText } from "./recorded.ts";

Deno.test("a log that was forced before an inode was pinned does not hold it, however far it was forced", async () => {
  const lines = await recordedText("6.12-msync-xfs");
  const isForce = (line: string): boolean => / <- xfs_log_force_seq\) /.test(line);
  const first = lines.findIndex((line) => / <- xfs_log_force_seq\) .* ret=0/.test(line));
  assert(first !== -1);
  assertEquals(verdictOn(await judgeLines(lines, "6.12.107"), "META-2"), "holds");
  // Of another mount of the device, and no other force after it.
  const earlier = (lines[first] ?? "").replace(/ seq=\d+/, " seq=999999");
  const left = [
    ...lines.slice(0, first),
    earlier,
    ...lines.slice(first + 1).filter((line) => !isForce(line)),
  ];
  const result = await judgeLines(
    recounted(left.filter((line) => !/\(xfs_log_force_seq\+/.test(line))),
    "6.12.107",
  );
  assertEquals(verdictOn(result, "META-2"), "undecided");
  const found = result?.invariants.find(({ id }) => id === "META-2");
  assert((found?.judged ?? 0) <= 1, `${found?.judged} judged`);
});

Deno.test("a force of the log that nobody has waited for does not show what the log holds", async () => {
  const lines = await recordedText("6.12-msync-xfs");
  const begun = lines.map((line) =>
    line.includes(" <- xfs_log_force_seq)") ? line.replace(" flags=0x1 ", " flags=0x0 ") : line
  );
  assert(begun.some((line) => line.includes(" flags=0x0 ")));
  assertEquals(verdictOn(await judgeLines(begun, "6.12.107"), "META-2"), "undecided");
});
