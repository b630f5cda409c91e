/**
 * A marker that announces a truncate stands in the write(2) that has put it there.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { verdictOn } from "./judge_text.ts";
import { judgeEvents, mount, ringSync } from "./ring_sync.ts";

const app = (event: string) => ["app-101", event] as const;
const [entry, exit] = [app("sys_write(fd: 3, buf: 7fff, count: 10)"), app("sys_write -> 0x10")];
const mark = app("tracing_mark_write: dev=259:5 ino=0xc op=truncate size=4096");
const end = ringSync.findIndex(([, event]) => event.startsWith("ext4_sync_file_enter"));
const synced: typeof ringSync = [
  ...ringSync.slice(0, end),
  app("sys_fsync(fd: 4)"),
  ...ringSync.slice(end).map(([task, event]) =>
    task.startsWith("iou-wrk") ? app(event) : [task, event] as const
  ),
  app("sys_fsync -> 0x0"),
];

Deno.test("the write that has marked a truncate returns once, and no event is missing for that", async () => {
  const verdict = async (...marked: typeof synced): Promise<string> =>
    verdictOn(await judgeEvents([entry, exit, ...marked, ...synced], mount), "DUR-1");
  assertEquals(await verdict(), "holds");
  assertEquals(await verdict(entry, mark, exit), "holds");
  assertEquals(await verdict(entry, mark, exit, exit), "undecided");
});
