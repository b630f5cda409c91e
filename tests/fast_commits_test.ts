/**
 * Fast commits of ext4: a call that rests on one is decided by the lines that track its file
 * (`model/check/page_cache/fast_commits.ts`).
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { judgeLines, recounted, verdictOn, violated } from "./judge_text.ts";
import { find } from "./made_breach.ts";
import { recordedText } from "./recorded.ts";

const apart = await recordedText("6.18-fast-commit-apart-ext4");
const together = await recordedText("6.18-fast-commit-ext4");

/** The lines without those of this shape. */
function without(lines: readonly string[], taken: RegExp): readonly string[] {
  return recounted(lines.filter((line) => line.startsWith("#") || !taken.test(line)));
}

async function verdict(lines: readonly string[]): Promise<string> {
  return verdictOn(await judgeLines(lines), "DUR-1");
}

Deno.test("a fast commit is believed only if its file's inode and blocks were tracked before it", async () => {
  assertEquals(await verdict(apart), "holds");
  for (const line of [/ext4_fc_track_inode/, /ext4_fc_track_range/, /ext4_fc_commit_start/]) {
    assertEquals(await verdict(without(apart, line)), "undecided", line.source);
  }
  // Of a failure to track it, the kernel makes a commit of the whole transaction.
  const failed = apart.map((line) => line.replace(/(ext4_fc_track_range: .* error) 0/, "$1 -12"));
  assertEquals(await verdict(failed), "undecided");
  const elsewhere = apart.map((line) =>
    line.replace(/(ext4_fc_track_range: .*) start \d+, end \d+$/, "$1 start 900, end 901")
  );
  assertEquals(await verdict(elsewhere), "undecided");
});

Deno.test("a fast commit before 6.0 prints no transaction, and is not believed", async () => {
  const older = apart.map((line) => line.replace(/(ext4_fc_commit_stop: .*), tid \d+$/, "$1"));
  assertEquals(await verdict(older), "undecided");
});

Deno.test("a call that takes the fast commit of another for its own breaks DUR-1", async () => {
  const result = await judgeLines(together);
  assertEquals(violated(result), ["DUR-1"]);
});

/** The control, but of one call the fast commit is none: what was flushed is flushed. Machine-made. */
function skipped(): readonly string[] {
  const committed = find(apart, 0, "jbd2_end_commit: dev");
  const stop = find(apart, committed, "ext4_fc_commit_stop", "reason 0");
  return apart.map((line, n) =>
    n === stop ? line.replace("nblks 1, reason 0", "nblks 0, reason 2") : line
  );
}

Deno.test("what a call gives way to is another fast commit: where none is seen, one is unseen", async () => {
  assertEquals(await verdict(skipped()), "undecided");
  // Without the lines of the one thread, the other gives way to a fast commit that nobody made.
  const threads = together.map((line) => /fast_commit-(\d+) +\( *(\d+)\)/.exec(line));
  const tasks = new Set(threads.flatMap((each) => each?.[1] === each?.[2] ? [] : each?.[1] ?? []));
  assert(tasks.size > 1);
  for (const task of tasks) {
    const alone = without(together, new RegExp(`^ *fast_commit-${task} `));
    assertEquals(violated(await judgeLines(alone)), [], task);
  }
});

Deno.test("that no commit holds the blocks is no breach where commits may not be recorded", async () => {
  assertEquals(violated(await judgeLines(without(together, /jbd2_/))), []);
  // Nor where the blocks may be elsewhere: nothing shows that they were mapped.
  const unmapped = without(together, /ext4_es_insert_extent/);
  assert(!violated(await judgeLines(unmapped)).includes("DUR-1"));
  // A fast commit of which no end was seen may be the one.
  const stops = without(together, /ext4_fc_commit_stop/);
  assertEquals(violated(await judgeLines(stops)), []);
});
