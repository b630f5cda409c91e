/**
 * The end of a commit record of XFS is printed by whatever an interrupt has met. Where that task was not
 * recorded, a record that is on its way may have ended.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { judgeLines, recounted, violated } from "./judge_text.ts";

const inode = "dev=0xfe00000 ino=1048706 file=0xffff888004b6f480 datasync=0";
const forced =
  "(xfs_file_fsync+0x1f1/0x2b0 [xfs] <- xfs_log_force_seq) dev=0xfe00000 seq=36 flags=0x1 ret=0";

function record(bio: string): readonly [begin: string, end: string] {
  return [
    `bio_queue: (__probestub_block_bio_queue+0x4/0x10) bio=${bio} dev=0xfe00000 sector=2097338 ` +
    "size=2560 opf=0x69801",
    `bio_end: (bio_endio+0x4/0x1e0) bio=${bio} dev=0xfe00000 opf=0x69801 status=0`,
  ];
}

/** Recorded on XFS, 6.12.118, and shortened: a reflink changes the block map, and fsync forces the log. */
function recorded(...queued: readonly string[]): readonly string[] {
  const [begin, end] = record("0xffff888004ab6111");
  const events: readonly (readonly [task: string, event: string])[] = [
    ["kworker/1:1H-51", begin],
    ["<idle>-0", end],
    [
      "h2-206",
      "xfs_bmap_post_update: dev 254:0 ino 0x100082 state LC|0xc0 cur 000000007d007485/2 fileoff 0x2 " +
      "startblock 0x20020 fsbcount 0x4 flag 0 caller xfs_bmap_add_extent_hole_real",
    ],
    ["h2-206", "sys_fsync(fd: 4)"],
    ["h2-206", `xfs_sync: (xfs_file_fsync+0x4/0x2b0 [xfs]) ${inode} pin=1 seq=36 ff=0x4005`],
    ...queued.map((event) => ["h2-206", event] as const),
    ["h2-206", `log_forced: ${forced}`],
    ["h2-206", `xfs_synced: (do_fsync+0x39/0x70 <- xfs_file_fsync) ${inode} ret=0`],
    ["h2-206", "sys_fsync -> 0x0"],
  ];
  return recounted([
    "# entries-in-buffer/entries-written: 0/0   #P:1",
    ...events.map(([task, event], n) => `${task} [000] ..... 99.000${100 + 20 * n}: ${event}`),
  ]);
}

Deno.test("a log that was forced without a commit record breaks DUR-1 and META-2", async () => {
  assertEquals(violated(await judgeLines(recorded(), "6.12.118")), ["DUR-1", "META-2"]);
});

Deno.test("a commit record that was not seen to end may have ended where a task was not recorded", async () => {
  const [begin] = record("0xffff888004ab6cc8");
  assertEquals(violated(await judgeLines(recorded(begin), "6.12.118")), []);
});
