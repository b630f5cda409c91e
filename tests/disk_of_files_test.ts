/**
 * Lines of writeback name the disk where a file system is on a partition (`disk_of_files.ts`).
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { verdictOn, violated } from "./judge_text.ts";
import { judgeEvents, ringSync } from "./ring_sync.ts";

type Events = typeof ringSync;
const mount = "# pagespec: mount: 259:6 /mnt ext4 rw";
const app = (event: string) => ["app-101", event] as const;

/** An fsync of a file on 259:6, which begins at sector 2048 of 259:5. */
const synced: Events = [
  app("mm_filemap_add_to_page_cache: dev 259:6 ino c pfn=0x9 ofs=0 order=0"),
  ...ringSync.slice(0, 2),
  app("sys_fsync(fd: 4)"),
  ...ringSync.slice(2).flatMap(([task, event]): Events => {
    const by = task.startsWith("iou-wrk") || task.startsWith("kworker") ? "app-101" : task;
    if (!event.startsWith("block_")) return [[by, event.replaceAll("259,5", "259,6")]];
    const onDisk = [by, event.replace("263096", "265144")] as const;
    const remap = "block_bio_remap: 259,5 W 265144 + 8 <- (259,6) 263096";
    return event.startsWith("block_bio_queue") ? [[by, remap], onDisk] : [onDisk];
  }),
  app("sys_fsync -> 0x0"),
].map(([task, event]) =>
  [task, /^ext4_mark/.test(event) ? event.replace("259,5", "259,6") : event] as const
);

async function verdict(events: Events): Promise<string> {
  const result = await judgeEvents(events, mount);
  assertEquals(violated(result), []);
  return verdictOn(result, "DUR-1");
}

Deno.test("a sync call owes what is dirty on its partition, though writeback names the disk", async () => {
  assertEquals(await verdict(synced), "holds");
  const unwritten = synced.filter(([, event]) => !event.startsWith("block_rq_complete"));
  assertEquals(await verdict(unwritten), "undecided");
  // XFS tells of changes of inodes by the file system's device.
  const timed = app("xfs_update_time: dev 259:6 ino 0xc iflags 0x0");
  assertEquals(await verdict(synced.toSpliced(1, 0, timed)), "holds");
  // Where the file was cached before, the first line of it is that of writeback.
  assertEquals(await verdict(synced.slice(1)), "holds");
});

Deno.test("a disk that has a file system itself, and one that several may be meant by, is no partition's", async () => {
  const other = (dev: string): Events[number] =>
    app(`mm_filemap_add_to_page_cache: dev ${dev} ino c pfn=0x9 ofs=0 order=0`);
  assertEquals(await verdict([other("259:5"), ...synced]), "unexercised");
  assertEquals(await verdict([other("259:7"), ...synced]), "unexercised");
});
