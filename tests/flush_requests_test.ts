/**
 * Flushes that no bio asks for: a device without FUA is flushed once more behind a write with FUA, and
 * only its requests tell.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { judgeLines, recounted, verdictOn } from "./judge_text.ts";

const folio = "dev=0xfe00000 ino=1048707 index=0 nr=1";
const log = "bio=0xffff888004b7c2c8 dev=0xfe00000";

/**
 * Recorded on XFS, 6.12.118, and shortened: a folio's writeback ends while the log is written with PREFLUSH
 * and FUA, and syncfs, which has found the log clean, returns 0.
 */
function recorded(...requests: readonly string[]): readonly string[] {
  return recounted([
    "# entries-in-buffer/entries-written: 0/0   #P:2",
    "    kworker/u8:0-12      (     12) [000] .....   142.549594: writeback_begin: " +
    `(__folio_start_writeback+0x4/0x230) ${folio} fl=0xfffffd200022d keep=0`,
    "              h2-228     (    226) [001] ...1.   142.553416: sys_syncfs(fd: 5)",
    "              h2-226     (    226) [001] ...1.   142.562382: bio_queue: " +
    `(__probestub_block_bio_queue+0x4/0x10) ${log} sector=2097295 size=3072 opf=0x69801`,
    "          <idle>-0       (-------) [000] dNH2.   142.563478: writeback_end: " +
    `(folio_end_writeback+0x4/0x80) ${folio} fl=0xfffffd20002ae`,
    "              h2-228     (    226) [001] .....   142.565207: xfs_fs_sync_fs: dev 254:0 " +
    "m_features 0x19bf6ab opstate (clean|inodegc|blockgc) s_flags 0x70810000 caller sync_filesystem",
    ...requests,
    "    kworker/1:1H-51      (     51) [001] d.h2.   142.565972: bio_end: " +
    `(bio_endio+0x4/0x1e0) ${log} opf=0x69801 status=0`,
    "              h2-228     (    226) [001] ...1.   142.571972: sys_syncfs -> 0x0",
  ]);
}

const issued = "    kworker/1:1H-51      (     51) [001] .....   142.565795: block_rq_issue: " +
  "254,0 FF 0 () 0 + 0 none,0,0 [kworker/1:1H]";
const completed =
  "    kworker/1:1H-51      (     51) [001] d.h1.   142.565958: block_rq_complete: " +
  "254,0 FF () 18446744073709551615 + 0 none,0,0 [0]";

Deno.test("a flush behind a write with FUA covers what was written before it began", async () => {
  const result = await judgeLines(recorded(issued, completed), "6.12.118");
  const found = result?.invariants.find(({ id }) => id === "DUR-1");
  assertEquals(found?.verdict, "undecided");
  // What leads to the data no line of these tells; of its flush nothing is missing.
  assertEquals(found?.why?.kind === "unjudged_calls" && found.why.missing, "transaction");
});

Deno.test("a device that has FUA is not flushed behind the write, and the data stays in its cache", async () => {
  const result = await judgeLines(recorded(), "6.12.118");
  assertEquals(verdictOn(result, "DUR-1"), "violated");
});

Deno.test("a flush that has failed behind the write covers nothing", async () => {
  const failed = completed.replace(/\[0\]$/, "[-5]");
  const result = await judgeLines(recorded(issued, failed), "6.12.118");
  assertEquals(verdictOn(result, "DUR-1"), "violated");
});
