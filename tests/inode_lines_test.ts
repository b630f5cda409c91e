/**
 * fdatasync of ext4 without probes: which lines of an inode change the way to its data
 * (`vectors/kernel/page_cache/inode_lines.ts`).
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { jsonReport } from "../vectors/command/report/check_json.ts";
import { textReport } from "../vectors/command/report/check_text.ts";
import { judgeLines, recounted, verdictOn, violated } from "./judge_text.ts";

type Event = readonly [task: string, event: string];

const header = [
  "# tracer: nop",
  "# entries-in-buffer/entries-written: 0/0   #P:1",
  "# pagespec: mount: 259:5 /mnt ext4 rw",
  "# pagespec: write_cache: write through",
];

async function judge(events: readonly Event[]): ReturnType<typeof judgeLines> {
  const lines = events.map(([task, event], n) =>
    `${task} [000] ..... 99.000${100 + 20 * n}: ${event}`
  );
  return await judgeLines(recounted([...header, ...lines]));
}

async function verdict(events: readonly Event[]): Promise<string> {
  const result = await judge(events);
  assertEquals(violated(result), []);
  return verdictOn(result, "DUR-1");
}

/** What DUR-1 lacks. */
async function missing(events: readonly Event[]): Promise<string | undefined> {
  const why = (await judge(events))?.invariants.find(({ id }) => id === "DUR-1")?.why;
  return why?.kind === "unjudged_calls" ? why.missing : why?.kind;
}

function app(...events: readonly string[]): readonly Event[] {
  return events.map((event) => ["app-101", event] as const);
}

const whole = "nr_to_write 1 pages_skipped 0 range_start 0 range_end 9223372036854775807 " +
  "sync_mode 1 for_kupdate 0 range_cyclic 0 writeback_index 0";
const begins = "ext4_journal_start_inode: dev 259,5 blocks 32, rsv_blocks 41, revoke_creds 8, " +
  "type 2, ino 12, caller ext4_do_writepages+0x458/0xf20";
const mapped = "ext4_es_insert_extent: dev 259,5 ino 12 es [0/1) mapped 32887 status W";
const written = app("ext4_mark_inode_dirty: dev 259,5 ino 12 caller ext4_ext_tree_init+0x2f/0x40");
const committed: readonly Event[] = [
  ["jbd2/sda5-8-67", "jbd2_start_commit: dev 259,5 transaction 7 sync 0"],
  ["jbd2/sda5-8-67", "jbd2_end_commit: dev 259,5 transaction 7 sync 0 head 6"],
];

/** An overwrite and fdatasync, after a commit; some lines of the inode before it, and some in its writeback. */
function overwrite(
  before: readonly string[],
  inWriteback: readonly string[],
  first: readonly Event[] = app(mapped),
): readonly Event[] {
  return [
    ...first,
    ...written,
    ...committed,
    ...app(
      ...before,
      "writeback_dirty_folio: bdi 259:5: ino=12 index=0",
      "sys_fdatasync(fd: 3)",
      "ext4_sync_file_enter: dev 259,5 ino 12 parent 2 datasync 1 ",
      `ext4_writepages: dev 259,5 ino 12 ${whole}`,
      ...inWriteback,
      "ext4_es_lookup_extent_exit: dev 259,5 ino 12 found 1 [0/1) 32887 W",
      "block_bio_queue: 259,5 WS 263096 + 8 [app]",
      "ext4_writepages_result: dev 259,5 ino 12 ret 0 pages_written 1",
    ),
    ["<idle>-0", "block_rq_complete: 259,5 WS () 263096 + 8 [0]"],
    ...app("ext4_sync_file_exit: dev 259,5 ino 12 ret 0", "sys_fdatasync -> 0x0"),
  ];
}

Deno.test("a transaction of writeback that maps no blocks is no part of the way to the data", async () => {
  assertEquals(await verdict(overwrite([], [])), "holds");
  assertEquals(await verdict(overwrite([], [begins])), "holds");
  assertEquals(await verdict(overwrite([], [begins, mapped])), "undecided");
  // With a status that has no place on the device, too.
  const delayed = mapped.replace("32887 status W", "0 status UD");
  assertEquals(await verdict(overwrite([], [begins, delayed])), "undecided");
  // Where no line tells that blocks were mapped, they may have been.
  assertEquals(await verdict(overwrite([], [begins], [])), "undecided");
});

Deno.test("where no commit of the file system is seen, it may have no journal, and that is the reason", async () => {
  const silent = overwrite([], []).filter(([task]) => !task.startsWith("jbd2/"));
  assertEquals(await verdict(silent), "undecided");
  assertEquals(await missing(silent), "journal");
});

Deno.test("where nothing tells where the file's bytes lie, that is the reason, and not what leads to them", async () => {
  const unplaced = overwrite([], [begins, mapped]).filter(([, line]) => !/^ext4_es_/.test(line));
  assertEquals(await verdict(unplaced), "undecided");
  assertEquals(await missing(unplaced), "place");
  const silent = unplaced.filter(([task]) => !task.startsWith("jbd2/"));
  assertEquals(await missing(silent), "place");
});

Deno.test("calls that are not judged count once each, in whatever order their folios tell", async () => {
  const fsync = ["sys_fsync(fd: 3)", "ext4_sync_file_enter: dev 259,5 ino 12 parent 2 datasync 0 "];
  const over = ["ext4_sync_file_exit: dev 259,5 ino 12 ret 0", "sys_fsync -> 0x0"];
  const result = await judge([
    ...overwrite([], []),
    ...app(
      "writeback_dirty_folio: bdi 259:5: ino=12 index=7",
      "writeback_dirty_folio: bdi 259:5: ino=12 index=8",
      ...[...fsync, ...over, ...fsync, ...over],
    ),
  ]);
  const why = result?.invariants.find(({ id }) => id === "DUR-1")?.why;
  assertEquals([why?.kind, why?.kind === "unjudged_calls" && why.more], ["unjudged_calls", 1]);
});

Deno.test("a report names the most frequent reason of an undecided invariant, and the others with their counts", async () => {
  const fsync = (...within: readonly string[]): readonly string[] => [
    "sys_fsync(fd: 3)",
    "ext4_sync_file_enter: dev 259,5 ino 12 parent 2 datasync 0 ",
    ...within,
    "ext4_sync_file_exit: dev 259,5 ino 12 ret 0",
    "sys_fsync -> 0x0",
  ];
  // Of the first call the transaction is not known; of the others no line shows what became of a folio.
  const result = await judge([
    ...overwrite([], [begins, mapped]),
    ...app("writeback_dirty_folio: bdi 259:5: ino=12 index=7", ...fsync(), ...fsync()),
  ]);
  assert(result !== undefined);
  const unjudged = [{ missing: "place", count: 2 }, { missing: "transaction", count: 1 }];
  const [reported] = (jsonReport([result]).traces[0]?.invariants ?? [])
    .filter(({ id }) => id === "DUR-1");
  assertEquals(
    reported?.unjudged?.map(({ missing, count }) => ({ missing, count })),
    unjudged,
  );
  assertMatch(
    textReport(result, { diagrams: 1 }),
    /other\s+reasons: what the file's\s+metadata needs \(1\)/,
  );
});

Deno.test("a change of mode, owner, times, names and attributes in a call for these is no part of it", async () => {
  const dirtied = [
    "writeback_mark_inode_dirty: bdi 259:5: ino=12 state= flags=I_DIRTY_SYNC|I_DIRTY_DATASYNC|I_DIRTY_PAGES",
    "ext4_mark_inode_dirty: dev 259,5 ino 12 caller ext4_dirty_inode+0x57/0x90",
  ];
  const call = (name: string): readonly string[] => [
    `sys_${name}(fd: 3, user: 0, group: 0)`,
    ...dirtied,
    `sys_${name} -> 0x0`,
  ];
  assertEquals(await verdict(overwrite(dirtied, [])), "undecided");
  assertEquals(await verdict(overwrite(call("fchown"), [])), "holds");
  assertEquals(await verdict(overwrite(call("fchmod"), [])), "holds");
  assertEquals(await verdict(overwrite(call("lchown"), [])), "holds");
  assertEquals(await verdict(overwrite(call("renameat2"), [])), "holds");
  assertEquals(await verdict(overwrite(call("fsetxattr"), [])), "holds");
  // A rename may write back what the file holds, and map its blocks then.
  const writesBack = call("renameat2").flatMap((line, n) =>
    n === 0 ? [line, `ext4_writepages: dev 259,5 ino 12 ${whole}`] : [line]
  );
  assertEquals(await verdict(overwrite(writesBack, [])), "undecided");
  assertEquals(await verdict(overwrite(call("ftruncate"), [])), "undecided");
});

Deno.test("trace-cmd and perf print the value of I_DIRTY_SYNC since 6.18: times alone", async () => {
  const dirtied = (flags: string): readonly string[] => [
    `writeback_mark_inode_dirty: bdi 259:5: ino=12 state= flags=${flags}`,
    "ext4_mark_inode_dirty: dev 259,5 ino 12 caller ext4_dirty_inode+0x57/0x90",
  ];
  for (const flags of ["I_DIRTY_SYNC", "0x10"]) {
    assertEquals(await verdict(overwrite(dirtied(flags), [])), "holds");
  }
  for (const flags of ["I_DIRTY_SYNC|I_DIRTY_DATASYNC|I_DIRTY_PAGES", "0x70", "0x20"]) {
    assertEquals(await verdict(overwrite(dirtied(flags), [])), "undecided");
  }
});

Deno.test("where nothing shows what a fast commit holds, it is named, and believed in neither way", async () => {
  const stop = "ext4_fc_commit_stop: dev 259,5 nblks 1, reason 0, fc = 1, ineligible = 0, " +
    "agg_nblks 1, tid 7";
  const events = overwrite([], [begins, mapped]);
  const fast = events.toSpliced(-2, 0, ["app-101", stop]);
  assertEquals(await verdict(fast), "undecided");
  assertEquals(await missing(fast), "fast_commit");
  assertEquals(await missing(events), "transaction");
});

Deno.test("of a file whose times alone have changed since the recording began, any commit since holds all", async () => {
  const times: readonly Event[] = app(
    "writeback_mark_inode_dirty: bdi 259:5: ino=12 state= flags=I_DIRTY_SYNC",
    "ext4_journal_start_inode: dev 259,5 blocks 2, rsv_blocks 0, revoke_creds 8, type 1, ino 12, " +
      "caller ext4_dirty_inode+0x34/0x90",
    "ext4_mark_inode_dirty: dev 259,5 ino 12 caller ext4_dirty_inode+0x57/0x90",
  );
  const whole = overwrite([], [], [...app(mapped), ...times]).filter((event) =>
    event !== written[0]
  );
  assertEquals(await verdict(whole), "holds");
  // Where no line tells that inodes are written into transactions, one may have been.
  const silent = whole.filter(([, line]) => !/^ext4_(?:mark|journal_start)_inode/.test(line));
  assertEquals(await verdict(silent), "undecided");
});

const [logged = ""] = written.map(([, event]) => event);

/** Lines of another program that come while fsync is under way, after the entry or before it. */
interface Meanwhile {
  readonly before?: readonly Event[];
  readonly after: readonly Event[];
}

const other = (...events: readonly string[]): readonly Event[] =>
  events.map((event) => ["other-103", event] as const);
const [truncates, truncated] = ["sys_ftruncate(fd: 4, length: 0x2000)", "sys_ftruncate -> 0x0"];

/** fsync of a page that is in its place; others change the inode when the commit that it needs has begun. */
async function besideExt4({ before = [], after }: Meanwhile): Promise<string> {
  const [begun = ["", ""], over = ["", ""]] = committed;
  const late = overwrite([], []).flatMap((each): readonly Event[] => {
    const [, event] = each;
    if (event.startsWith("jbd2_")) return [];
    if (event.startsWith("sys_fdatasync(")) return [...before, each];
    return event.startsWith("ext4_sync_file_exit") ? [begun, ...after, over, each] : [each];
  });
  return await verdict(late);
}

Deno.test("a commit has what was changed before it was closed, though it had begun, and nothing later", async () => {
  const closed: Event = ["jbd2/sda5-8-67", "jbd2_commit_flushing: dev 259,5 transaction 7 sync 0"];
  const converts: Event = ["kworker/u8:1-66", logged];
  assertEquals(await besideExt4({ after: [converts, closed] }), "holds");
  assertEquals(await besideExt4({ after: [converts, closed, converts] }), "undecided");
  assertEquals(await besideExt4({ after: [converts] }), "undecided");
  // It may be that of another transaction.
  const other: Event = [closed[0], closed[1].replace("transaction 7", "transaction 8")];
  assertEquals(await besideExt4({ after: [converts, other] }), "undecided");
  // Where the task has yet to join a transaction, that may be the next one.
  const joins: Event = [
    "kworker/u8:1-66",
    "ext4_journal_start_inode: dev 259,5 blocks 2, rsv_blocks 0, revoke_creds 8, type 1, ino 12, " +
    "caller ext4_setattr+0x57/0x90",
  ];
  assertEquals(await besideExt4({ after: [joins, closed] }), "undecided");
});

const pages = "range_start 0 range_end 8191 sync_mode 1";

Deno.test("what a call changes that was entered after fsync is no part of the way to what was dirty before", async () => {
  assertEquals(await besideExt4({ after: [] }), "holds");
  assertEquals(await besideExt4({ after: other(truncates, logged, truncated) }), "holds");
  // It was under way before, or is no call: a worker marks written what it has written.
  const entered = { before: other(truncates), after: other(logged, truncated) };
  assertEquals(await besideExt4(entered), "undecided");
  assertEquals(await besideExt4({ after: [["kworker/u8:1-66", logged]] }), "undecided");
  // Blocks of two files may be exchanged.
  const exchange = other(
    "sys_ioctl(fd: 4, cmd: 0xc028660f, arg: 0x7ffc)",
    logged,
    "sys_ioctl -> 0x0",
  );
  assertEquals(await besideExt4({ after: exchange }), "undecided");
  // A write may map the block that a page waits for, and what writes back first maps blocks for that.
  const write = other("sys_pwrite64(fd: 4, buf: 0x0, count: 0x1000, pos: 0)", logged);
  assertEquals(await besideExt4({ after: write }), "undecided");
  const writes = [
    `ext4_writepages: dev 259,5 ino 12 ${pages}`,
    "ext4_writepages_result: dev 259,5 ino 12 ret 0",
  ];
  assertEquals(
    await besideExt4({ after: other(truncates, ...writes, logged, truncated) }),
    "undecided",
  );
});
