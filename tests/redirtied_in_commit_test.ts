/**
 * Folios that ext4 marks dirty again in a commit, for blocks that it cannot map there, while a sync call is at
 * work on their file. 6.12.118 begins and ends writeback of such a folio all the same, and writes nothing;
 * 6.6.87 begins none.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { judgedIn, recounted } from "./judge_text.ts";
import { recordedText } from "./recorded.ts";

const lines = await recordedText("6.12-dsync-ext4");
const folio = "dev=0xfe00000 ino=19 index=0 nr=86775";
const cleans = lines.findIndex((line) => line.includes(`<- folio_mkclean) ${folio} `));
const [, time = ""] = / (\d+\.\d+): /.exec(lines[cleans - 1] ?? "") ?? [];

const inCommit = [
  `clear_dirty: (mpage_submit_folio+0x1f/0x90 <- folio_clear_dirty_for_io) ${folio} fl=0xfffffd0004029 ret=1`,
  `redirty: (folio_redirty_for_writepage+0x4/0x120) ${folio} fl=0xfffffd0004029`,
  "writeback_dirty_folio: bdi 254:0: ino=19 index=0",
  `writeback_begin: (__folio_start_writeback+0x4/0x230) ${folio} fl=0xfffffd0004039 keep=1`,
  `writeback_end: (folio_end_writeback+0x4/0x80) ${folio} fl=0xfffffd000403b`,
].map((event) => `      jbd2/vda-8-174     (    174) [001] .....   ${time}: ${event}`);

async function durable(text: readonly string[]) {
  return (await judgedIn(recounted(text), "6.12.118")).find(({ id }) => id === "DUR-1");
}

Deno.test("a folio that a commit has marked dirty again is owed until a bio has carried it", async () => {
  assert(cleans > 0);
  const asItIs = await durable(lines);
  assertEquals(asItIs?.verdict, "holds");
  const more = lines.toSpliced(cleans, 0, ...inCommit);
  assertEquals(await durable(more), asItIs);
  // The write itself is taken out: what the commit did was none.
  const end = lines.findIndex((line, at) => at > cleans && line.includes("sync_file_exit"));
  const unwritten = more.filter((line, at) =>
    at < cleans + inCommit.length || at > end + inCommit.length ||
    !line.includes(`${folio} `) && !/ino=19 index=0 /.test(line)
  );
  assert(unwritten.length < more.length);
  assert((await durable(unwritten))?.verdict !== "holds");
});
