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

type Event = readonly [task: string, event: string];

/** fsync with fast commits, beside a commit of the whole transaction that is over and has not said so. */
function foundCommitted(
  meanwhile: readonly Event[] = [],
  before: readonly Event[] = [],
  stop = "nblks 0, reason 2, fc = 1, ineligible = 0, agg_nblks 1, tid 7",
): readonly Event[] {
  const [app, jbd2, file] = ["app-101", "jbd2/sda5-8-67", "dev 259,5 ino 12"];
  return [
    [app, `ext4_mark_inode_dirty: ${file} caller ext4_ext_tree_init+0x2f/0x40`],
    [app, "writeback_dirty_folio: bdi 259:5: ino=12 index=0"],
    ...before,
    [app, "sys_fsync(fd: 3)"],
    [app, `ext4_sync_file_enter: ${file} parent 2 datasync 0 `],
    [
      app,
      `ext4_writepages: ${file} nr_to_write 1 range_start 0 range_end 9223372036854775807 sync_mode 1`,
    ],
    [app, `ext4_es_lookup_extent_exit: ${file} found 1 [0/1) 32887 W`],
    [app, "block_bio_queue: 259,5 WS 263096 + 8 [app]"],
    [app, `ext4_writepages_result: ${file} ret 0 pages_written 1`],
    ["<idle>-0", "block_rq_complete: 259,5 WS () 263096 + 8 [0]"],
    [jbd2, "jbd2_start_commit: dev 259,5 transaction 7 sync 0"],
    [jbd2, "block_bio_queue: 259,5 FWFSM 1049192 + 8 [jbd2/sda5-8]"],
    [app, "ext4_fc_commit_start: dev 259,5 tid 7"],
    ...meanwhile,
    [app, `ext4_fc_commit_stop: dev 259,5 ${stop}`],
    [app, `ext4_sync_file_exit: ${file} ret 0`],
    [app, "sys_fsync -> 0x0"],
    [jbd2, "jbd2_end_commit: dev 259,5 transaction 7 sync 0 head 6"],
  ];
}

Deno.test("a call that makes no fast commit has found its transaction committed, if no fast commit can be meant", async () => {
  const judge = async (events: readonly Event[]): Promise<string> => {
    const lines = events.map(([task, event], n) =>
      `${task} [000] ..... 99.000${100 + 20 * n}: ${event}`
    );
    const result = await judgeLines(recounted([
      "# tracer: nop",
      "# entries-in-buffer/entries-written: 0/0   #P:1",
      "# pagespec: mount: 259:5 /mnt ext4 rw",
      "# pagespec: block_size: 4096",
      "# pagespec: write_cache: write through",
      ...lines,
    ]));
    assertEquals(violated(result), []);
    return verdictOn(result, "DUR-1");
  };
  const other: readonly Event[] = [
    ["other-103", "ext4_fc_commit_start: dev 259,5 tid 7"],
    [
      "other-103",
      "ext4_fc_commit_stop: dev 259,5 nblks 1, reason 0, fc = 1, ineligible = 0, agg_nblks 1, tid 7",
    ],
  ];
  assertEquals(await judge(foundCommitted()), "holds");
  assertEquals(await judge(foundCommitted([], other)), "holds");
  assertEquals(await judge(foundCommitted(other)), "undecided");
  assertEquals(await judge(foundCommitted(other.slice(1), other.slice(0, 1))), "undecided");
  // Of another transaction nothing is said, nor by a line that names none, as before 6.0.
  const stop = "nblks 0, reason 2, fc = 1, ineligible = 0, agg_nblks 1";
  assertEquals(await judge(foundCommitted([], [], `${stop}, tid 6`)), "undecided");
  assertEquals(await judge(foundCommitted([], [], stop)), "undecided");
  // The commit has not come to its record: then a fast commit is unseen.
  const early = foundCommitted().filter(([, event]) => !event.includes(" FWFSM "));
  assertEquals(await judge(early), "undecided");
});
