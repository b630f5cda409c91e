/**
 * Sync calls of which plain tracepoints show less than a system call and its file: by io_uring, and of
 * XFS, whose log needs not hold all of an inode.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { createPageCacheFindings, leaveOpen } from "../model/check/page_cache/findings.ts";
import { judgeLines, recounted, verdictOn, violated } from "./judge_text.ts";
import { judgeEvents, mount, ringSync } from "./ring_sync.ts";

Deno.test("a sync call whose range nothing tells is kept if nothing of the file is at risk", async () => {
  const kept = await judgeEvents(ringSync, mount);
  assertEquals(verdictOn(kept, "DUR-1"), "unexercised");
  const early = ringSync.toSpliced(-1, 1).toSpliced(-4, 0, ...ringSync.slice(-1));
  const open = await judgeEvents(early, mount);
  assertEquals(violated(open), []);
  const why = open?.invariants.find(({ id }) => id === "DUR-1")?.why;
  assert(why?.kind === "unjudged_calls");
  assertEquals(why.missing, "range");
});

const inode = "dev 7:12 ino 0x85";
/** fdatasync of XFS after an overwrite: of the inode only times have changed since it was in the log. */
const overwrite: readonly (readonly [task: string, event: string])[] = [
  ["app-101", `xfs_iext_insert: ${inode} state  cur 00000000/0 fileoff 0x0 startblock 0xa`],
  ["app-101", `xfs_inode_pin: ${inode} count 1 pincount 0 iflags 0x0`],
  ["kworker/1:0H-66", `xfs_inode_unpin: ${inode} count 1 pincount 1 iflags 0x0`],
  ["app-101", `xfs_update_time: ${inode} iflags 0x0`],
  ["app-101", `xfs_inode_pin: ${inode} count 1 pincount 0 iflags 0x0`],
  ["app-101", "writeback_dirty_folio: bdi 7:12: ino=133 index=0"],
  ["app-101", "sys_fdatasync(fd: 0x4)"],
  ["app-101", `xfs_file_fsync: ${inode} iflags 0x0`],
  ["app-101", `iomap_writeback_folio: ${inode} size 0x1000 offset 0x0 length 0x1000`],
  [
    "app-101",
    `iomap_add_to_ioend: ${inode} bdev 7:12 pos 0x0 dirty len 0x1000 addr 0xa000 offset 0x0 ` +
    "length 0x1000 type MAPPED (0x2) flags DIRTY",
  ],
  ["app-101", "block_bio_queue: 7,12 WS 80 + 8 [app]"],
  ["app-101", "block_rq_issue: 7,12 WS 4096 () 80 + 8 be,0,7 [app]"],
  ["<idle>-0", "block_rq_complete: 7,12 WS () 80 + 8 be,0,7 [0]"],
  ["app-101", "sys_fdatasync -> 0x0"],
];
const xfsMount = "# pagespec: mount: 7:12 /mnt xfs rw";

Deno.test("what pins an inode of XFS by its times alone is no part of the way to its data", async () => {
  const verdict = async (events: typeof overwrite): Promise<string | undefined> =>
    verdictOn(await judgeEvents(events, xfsMount), "DUR-1");
  assertEquals(await verdict(overwrite), "holds");
  // A change of the map, in a transaction that prints no pin; and one that pins the inode itself.
  for (const change of ["xfs_bmap_post_update", "xfs_iext_remove", "xfs_setfilesize"]) {
    const changed = overwrite.toSpliced(5, 0, ["app-101", `${change}: ${inode}`]);
    assertEquals(await verdict(changed), "undecided", change);
    const pinned = overwrite.toSpliced(4, 0, ["app-101", `${change}: ${inode}`]);
    assertEquals(await verdict(pinned), "undecided", change);
  }
  // Where no change of a map is recorded, one may have come unseen; so may what has pinned it.
  assertEquals(await verdict(overwrite.slice(1)), "undecided");
  assertEquals(await verdict(overwrite.toSpliced(3, 1)), "undecided");
});

Deno.test("what a call for names and attributes pins is no part of it either, but what it writes back is", async () => {
  const renamed = async (...within: readonly string[]): Promise<string | undefined> => {
    const call = [`sys_renameat2(olddfd: 0x3)`, ...within, "sys_renameat2 -> 0x0"];
    const events = overwrite.toSpliced(3, 2, ...call.map((event) => ["app-101", event] as const));
    return verdictOn(await judgeEvents(events, xfsMount), "DUR-1");
  };
  const pin = `xfs_inode_pin: ${inode} count 1 pincount 0 iflags 0x0`;
  assertEquals(await renamed(pin), "holds");
  const writes = `iomap_writeback_folio: ${inode} size 0x1000 offset 0x0 length 0x1000`;
  assertEquals(await renamed(writes, pin), "undecided");
});

Deno.test("an extent of XFS without blocks is in no transaction; when it gets them, it is", async () => {
  const verdict = async (startblock: string): Promise<string | undefined> => {
    const line = `xfs_iext_insert: ${inode} state 0xc0 cur 00000000eb21039a/0 fileoff 0x3a ` +
      `startblock ${startblock} fsbcount 0x1 flag 0 caller xfs_bmap_add_extent_hole_delay`;
    const events = overwrite.toSpliced(5, 0, ["app-101", line]);
    return verdictOn(await judgeEvents(events, xfsMount), "DUR-1");
  };
  assertEquals(await verdict("0xffffffffe0005"), "holds");
  assertEquals(await verdict("0x100d4"), "undecided");
});

Deno.test("checkpoints that hold an inode of XFS by its times alone are no part of the way to its data", async () => {
  const verdict = async (second: string): Promise<string | undefined> =>
    verdictOn(
      await judgeEvents([
        ["app-101", `xfs_bmap_post_update: ${inode}`],
        ["app-101", `xfs_inode_pin: ${inode} count 1 pincount 0 iflags 0x0`],
        ["app-101", `${second}: ${inode}`],
        ["app-101", `xfs_inode_pin: ${inode} count 1 pincount 1 iflags 0x0`],
        ["kworker/1:0H-66", `xfs_inode_unpin: ${inode} count 1 pincount 2 iflags 0x0`],
        ...overwrite.slice(5),
      ], xfsMount),
      "DUR-1",
    );
  assertEquals(await verdict("xfs_update_time"), "holds");
  // A change of the map is in the checkpoint that is not in the log yet.
  assertEquals(await verdict("xfs_setfilesize"), "undecided");
});

Deno.test("checkpoints that hold only what others have changed since are no part of what a sync call needs", async () => {
  const at = overwrite.findIndex(([, event]) => event.startsWith("iomap_writeback_folio"));
  const pinned = (pins: number): string =>
    `xfs_inode_pin: ${inode} count 1 pincount ${pins} iflags 0x0`;
  const unpinned = (
    pins: number,
  ): (typeof overwrite)[number] => [
    "kworker/1:0H-66",
    `xfs_inode_unpin: ${inode} count 1 pincount ${pins} iflags 0x0`,
  ];
  // The change before the call is in a checkpoint that is not in the log yet when the call begins.
  const events = (...meanwhile: readonly (typeof overwrite)[number][]): typeof overwrite => [
    ...overwrite.slice(0, 2),
    ...overwrite.slice(5, at),
    ...meanwhile,
    ...overwrite.slice(at),
  ];
  const judge = async (...meanwhile: readonly (typeof overwrite)[number][]): Promise<string> => {
    const result = await judgeEvents(events(...meanwhile), xfsMount);
    assertEquals(violated(result), []);
    return verdictOn(result, "DUR-1");
  };
  const changes = [`xfs_setattr: ${inode} iflags 0x0`, pinned(1)];
  const truncate = ["sys_ftruncate(fd: 4, length: 0x2000)", ...changes, "sys_ftruncate -> 0x0"].map(
    (event) => ["other-103", event] as const,
  );
  const byWorker = changes.map((event) => ["kworker/1:0-67", event] as const);
  assertEquals(await judge(), "undecided");
  assertEquals(await judge(unpinned(1)), "holds");
  assertEquals(await judge(...truncate), "undecided");
  assertEquals(await judge(...truncate, unpinned(2)), "holds");
  assertEquals(await judge(...byWorker, unpinned(2)), "undecided");
  assertEquals(await judge(...byWorker, unpinned(2), unpinned(1)), "holds");
  // A count that does not fit: a line is missing.
  assertEquals(await judge(...truncate, unpinned(3)), "undecided");
});

Deno.test("what was in the log before a sync call of XFS is no occasion for META-2 in it", async () => {
  const line = overwrite.findIndex(([, event]) => event.startsWith("xfs_file_fsync"));
  const unpin = ["kworker/1:0H-66", `xfs_inode_unpin: ${inode} count 1 pincount 1 iflags 0x0`];
  const [task = "", event = ""] = unpin;
  const result = await judgeEvents(overwrite.toSpliced(line + 1, 0, [task, event]), xfsMount);
  assertEquals([verdictOn(result, "DUR-1"), verdictOn(result, "META-2")], ["holds", "unexercised"]);
});

Deno.test("of a file system that tells of no sync call a note says so, and of others none does", async () => {
  const saysSo = async (mount: string): Promise<boolean | undefined> =>
    (await judgeEvents(overwrite, mount))?.notes.some(({ kind }) => kind === "silent_syncs");
  assertEquals(await saysSo("# pagespec: mount: 0:40 /mnt fuse.sshfs rw"), true);
  assertEquals(await saysSo(xfsMount), false);
});

Deno.test("a sync call of XFS by io_uring ends where its worker begins another, with a status that nothing tells", async () => {
  const inWorker = overwrite.flatMap(([task, event]) => {
    if (event.startsWith("sys_")) return [];
    return [[event.startsWith("block_rq_c") ? task : "iou-wrk-101-102", event] as const];
  });
  const once = await judgeEvents(inWorker, xfsMount);
  assertEquals(verdictOn(once, "DUR-1"), "unexercised");
  const again = ["iou-wrk-101-102", `xfs_file_fsync: ${inode} iflags 0x0`] as const;
  const twice = await judgeEvents([...inWorker, again], xfsMount);
  const why = twice?.invariants.find(({ id }) => id === "DUR-1")?.why;
  assert(why?.kind === "unjudged_calls");
  assertEquals(why.missing, "return");
});

Deno.test("a write of XFS that syncs and returns bytes has kept its promise by its return", async () => {
  const written = overwrite.map(([task, event]) =>
    [
      task,
      event.replace("sys_fdatasync(", "sys_pwrite64(").replace(
        "sys_fdatasync -> 0x0",
        "sys_pwrite64 -> 0x1000",
      ),
    ] as const
  );
  const from = written.findIndex(([, event]) => event.startsWith("sys_pwrite64("));
  const [entry = ["", ""] as const] = written.splice(from, 1);
  const range = (bytes: string): typeof overwrite => [
    ...written.slice(0, from - 1),
    entry,
    ...written.slice(from - 1).map(([task, event]) =>
      [task, event.replace("-> 0x1000", `-> ${bytes}`)] as const
    ),
  ];
  assertEquals(violated(await judgeEvents(range("0x1000"), xfsMount)), []);
  assertEquals(verdictOn(await judgeEvents(range("0x1000"), xfsMount), "DUR-2"), "unexercised");
  const early = range("0x1000").filter(([, event]) => !event.startsWith("block_rq_complete"));
  const open = await judgeEvents(early, xfsMount);
  const why = open?.invariants.find(({ id }) => id === "DUR-2")?.why;
  assert(why?.kind === "unjudged_calls");
  assertEquals(why.missing, "range");
});

/** pwrite of XFS to a descriptor with O_DSYNC, over a written block: 4096 bytes are asked for. */
function dsyncWrite(returns: string): typeof overwrite {
  const begun = overwrite.slice(0, 3);
  const synced = overwrite.slice(7, -1);
  return [
    ...begun,
    ["app-101", "sys_pwrite64(fd: 0x4, buf: 0x7f00, count: 0x1000, pos: 0)"],
    ...overwrite.slice(3, 5),
    ["app-101", `xfs_file_buffered_write: ${inode} disize 0x1000 pos 0x0 bytecount 0x1000`],
    ...overwrite.slice(5, 6),
    ...synced,
    ["app-101", `sys_pwrite64 -> ${returns}`],
  ];
}

Deno.test("a write with O_DSYNC owes the bytes that it put into the page cache", async () => {
  const kept = dsyncWrite("0x1000");
  const judged = await judgeEvents(kept, xfsMount);
  assertEquals(verdictOn(judged, "DUR-2"), "holds");
  assertEquals(verdictOn(judged, "DUR-1"), "unexercised");
  // The data reaches the device only after the return.
  const late = [...kept.slice(0, -2), ...kept.slice(-1), ...kept.slice(-2, -1)];
  assertEquals(violated(await judgeEvents(late, xfsMount)), ["DUR-2"]);
});

Deno.test("a short write with O_DSYNC is not judged by bytes that it has not written", async () => {
  const short = dsyncWrite("0x800");
  assertEquals(verdictOn(await judgeEvents(short, xfsMount), "DUR-2"), "undecided");
});

Deno.test("a call that is not judged counts once, however many of its folios are in doubt", () => {
  const findings = createPageCacheFindings();
  const at = (line: number) =>
    ({ line, time: line, cpu: 0, task: "app", pid: 101, text: "", role: "other" }) as const;
  for (const line of [5, 5, 5, 9]) leaveOpen(findings, "DUR-1", "write", at(line));
  assertEquals(findings.unjudged.get("DUR-1")?.get("write"), { first: at(5), last: 9, count: 2 });
});

Deno.test("a folio counts as dirty for a sync call once the CPU that marks it has printed another line", async () => {
  // With xa_lock held and interrupts off the line comes first, the mark after it: a virtual CPU that does
  // not run in between has not marked the folio, and fsync finds nothing to write.
  const fault: typeof overwrite = [
    ["app-101", "writeback_dirty_folio: bdi 259:5: ino=12 index=0"],
    ["app-101", "sys_munmap(addr: 0x7f0000000000, len: 0x1000)"],
  ];
  const sync: typeof overwrite = [
    ["other-103", "sys_fsync(fd: 3)"],
    ["other-103", "ext4_sync_file_enter: dev 259,5 ino 12 parent 2 datasync 0 "],
    ["other-103", "ext4_sync_file_exit: dev 259,5 ino 12 ret 0"],
    ["other-103", "sys_fsync -> 0x0"],
  ];
  const written = ringSync.slice(3, 11);
  const judge = async (between: number): Promise<readonly string[]> => {
    const [dirty, later] = [fault.slice(0, between), fault.slice(between)];
    const events = [...ringSync.slice(0, 1), ...dirty, ...sync, ...later, ...written];
    const lines = events.map(([task, event], n) =>
      `${task} [00${task === "app-101" ? 1 : 0}] ..... 99.000${100 + 20 * n}: ${event}`
    );
    const header = [
      "# tracer: nop",
      "# entries-in-buffer/entries-written: 0/0   #P:2",
      mount,
      "# pagespec: write_cache: write through",
    ];
    return violated(await judgeLines(recounted([...header, ...lines])));
  };
  assertEquals(await judge(2), ["DUR-1"]);
  assertEquals(await judge(1), []);
});

Deno.test("a sync call of XFS need force nothing where another has put the inode into the log meanwhile", async () => {
  const file = "dev=0x70000c ino=133 file=0x1 datasync=1";
  const pinned: typeof overwrite = [
    ["app-101", "sys_fdatasync(fd: 0x4)"],
    ["app-101", `xfs_sync: (xfs_file_fsync+0x4/0x2b0) ${file} pin=1 seq=7 ff=0x1`],
    ["kworker/1:0H-66", `xfs_inode_unpin: ${inode} count 1 pincount 1 iflags 0x0`],
    ["app-101", `xfs_synced: (do_fsync+0x38/0x70 <- xfs_file_fsync) ${file} ret=0`],
    ["app-101", "sys_fdatasync -> 0x0"],
  ];
  const verdict = async (events: typeof overwrite): Promise<string | undefined> =>
    verdictOn(await judgeEvents(events, xfsMount), "META-2");
  assertEquals(await verdict(pinned), "holds");
  assertEquals(await verdict(pinned.toSpliced(2, 1)), "undecided");
  const again = ["app-101", `xfs_inode_pin: ${inode} count 1 pincount 0 iflags 0x0`] as const;
  assertEquals(await verdict(pinned.toSpliced(3, 0, again)), "undecided");
  const before = pinned.toSpliced(2, 1).toSpliced(0, 0, ...pinned.slice(2, 3));
  assertEquals(await verdict(before), "undecided");
});
