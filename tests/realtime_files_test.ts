/**
 * Data of a realtime file of XFS lies on a device of its own: flushes of the file system's do not cover it.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { judgeEvents } from "./ring_sync.ts";

const inode = "dev 7:12 ino 0x85";
const probed = "dev=0x70000c ino=133 index=0 nr=1";
const mount = "# pagespec: mount: 7:12 /mnt xfs rw,rtdev=/dev/loop13";

Deno.test("what is written to the realtime device needs a flush of that device", async () => {
  const isOpen = async (bdev: string): Promise<boolean | undefined> => {
    const events = [
      "writeback_dirty_folio: bdi 7:12: ino=133 index=0",
      "sys_fdatasync(fd: 0x4)",
      `xfs_file_fsync: ${inode} iflags 0x0`,
      `writeback_begin: (__folio_start_writeback+0x4/0x230) ${probed} fl=0x29 keep=0`,
      `iomap_writeback_folio: ${inode} size 0x1000 offset 0x0 length 0x1000`,
      `iomap_add_to_ioend: ${inode} bdev ${bdev} pos 0x0 dirty len 0x1000 addr 0xa000 offset 0x0 ` +
      "length 0x1000 type MAPPED (0x2) flags DIRTY",
      `writeback_end: (folio_end_writeback+0x4/0x120) ${probed} fl=0x2a`,
      "sys_fdatasync -> 0x0",
    ].map((event) => ["app-101", event] as const);
    const result = await judgeEvents(events, mount);
    const unjudged = result?.invariants.find(({ id }) => id === "DUR-1")?.unjudged;
    return unjudged?.some(({ missing }) => missing === "flush");
  };
  // The file system's device has no volatile cache, as the header says.
  assertEquals(await isOpen("7:12"), false);
  assertEquals(await isOpen("7:13"), true);
});
