/**
 * Sync calls of file systems of which no line tells the file (`model/check/page_cache/silent_syncs.ts`).
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { whyText } from "../vectors/kernel/why_text.ts";
import { verdictOn } from "./judge_text.ts";
import { judgeEvents, mount, type ringSync } from "./ring_sync.ts";

const app = (event: string) => ["app-101", event] as const;
const f2fs = "# pagespec: mount: 7:9 /mnt f2fs rw";
const dirties = app("writeback_dirty_folio: bdi 7:9: ino=12 index=0");
const synced = (call: string, returns = "0x0"): typeof ringSync => [
  app(`sys_${call}`),
  app(`sys_${call.replace(/\(.*/, "")} -> ${returns}`),
];

async function judged(events: typeof ringSync, header: string): Promise<string> {
  return verdictOn(await judgeEvents(events, header), "DUR-1");
}

Deno.test("a sync call that names no file is undecided where a file system was dirty that prints none", async () => {
  for (const call of ["fsync(fd: 4)", "fdatasync(fd: 4)", "msync(start: 0, len: 10, flags: 4)"]) {
    const result = await judgeEvents([dirties, ...synced(call)], f2fs);
    assertEquals(verdictOn(result, "DUR-1"), "undecided", call);
    const why = result?.invariants.find(({ id }) => id === "DUR-1")?.why;
    assert(why?.kind === "unjudged_calls");
    assertEquals(why.missing, "file");
    const text = whyText(why, result?.header.facts);
    assert(text.endsWith("no line that is read tells of one on f2fs"), text);
  }
  // Without a header, too: ext4 of which the sync calls are not recorded looks the same.
  assertEquals(await judged([dirties, ...synced("fsync(fd: 4)")], "#"), "undecided");
});

Deno.test("a call that promises nothing, and one before anything was dirty, owe nothing", async () => {
  for (
    const events of [
      [dirties, ...synced("msync(start: 0, len: 10, flags: 1)")],
      [dirties, ...synced("fsync(fd: 4)", "0xfffffffffffffffb")],
      [...synced("fsync(fd: 4)"), dirties],
      // What is cached of a block device is the file system's own.
      [app("writeback_dirty_folio: bdi 7:9: ino=7340041 index=0"), ...synced("fsync(fd: 4)")],
    ]
  ) assertEquals(await judged(events, f2fs), "unexercised");
});

Deno.test("a call without a line is of no file system whose sync calls print one", async () => {
  const other = synced("fsync(fd: 4)");
  const dirtied = app("writeback_dirty_folio: bdi 259:5: ino=12 index=0");
  assertEquals(await judged([dirtied, ...other], mount), "undecided");
  // Another call has named it, before or after; or the header says that such lines were recorded.
  const [enters = app(""), leaves = app("")] = synced("fsync(fd: 5)");
  const named = [
    enters,
    app("ext4_sync_file_enter: dev 259,5 ino 13 parent 2 datasync 0 "),
    leaves,
  ];
  for (const events of [[...named, dirtied, ...other], [dirtied, ...other, ...named]]) {
    assertEquals(await judged(events, mount), "unexercised");
  }
  for (const event of ["ext4/ext4_sync_file_enter", "ext4/ext4_sync_file_enter if 259:5"]) {
    const header = `${mount}\n# pagespec: event: ${event}`;
    assertEquals(await judged([dirtied, ...other], header), "unexercised");
  }
});

Deno.test("a file system without a block device may be dirty unseen, one in memory promises nothing", async () => {
  const calls = synced("fsync(fd: 4)");
  const touched = app("mm_filemap_add_to_page_cache: dev 0:41 ino 101 pfn=0x9 ofs=0 order=0");
  const on = (fileSystem: string): string => `# pagespec: mount: 0:41 /mnt ${fileSystem} rw`;
  for (const each of ["btrfs", "nfs4", "fuse.sshfs"]) {
    assertEquals(await judged([touched, ...calls], on(each)), "undecided", each);
  }
  assertEquals(await judged([touched, ...calls], on("tmpfs")), "unexercised");
  // A bdi with a name of its own tells that something is dirty, and not of which device.
  const named = app("writeback_dirty_folio: bdi btrfs-1: ino=257 index=0");
  assertEquals(await judged([named, ...calls], "#"), "undecided");
});
