/**
 * More breaches made by machine (see `page_cache_breaches_test.ts`): marks, unwritten extents, MAP_SYNC.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { recordedText } from "./recorded.ts";
import { judgeLines, recounted, violated } from "./judge_text.ts";
import { between, moved } from "./made_breach.ts";

/** The first line from `from` on that the shape fits. */
function find(lines: readonly string[], from: number, shape: RegExp): number {
  const at = lines.findIndex((line, n) => n >= from && shape.test(line));
  assert(at !== -1, `${shape}`);
  return at;
}

function timeOf(line: string | undefined): string {
  return / (\d+\.\d+): /.exec(line ?? "")?.[1] ?? "";
}

/** The line, as if it had been printed when another was. */
function atTimeOf(line: string | undefined, other: string | undefined): string {
  return (line ?? "").replace(/ \d+\.\d+: /, ` ${timeOf(other)}: `);
}

Deno.test("a commit that marks an extent written before its data has arrived breaks DUR-4", async () => {
  const lines = await recordedText("6.18-plain-ext4");
  const marked = find(lines, 900, /ext4_es_insert_extent: .* ino 1[23] es .* status W$/);
  const [, block = "0"] = /mapped (\d+) status W/.exec(lines[marked] ?? "") ?? [];
  const arrived = lines.slice(0, marked).findLastIndex((line) =>
    line.includes(`block_rq_complete: 7,0 WS () ${Number(block) * 8} + `)
  );
  assert(arrived !== -1);
  const begin = find(lines, marked, /jbd2_start_commit/);
  const end = find(lines, begin, /jbd2_end_commit/);
  const late = [
    ...lines.slice(0, arrived),
    ...lines.slice(arrived + 1, end + 1),
    atTimeOf(lines[arrived], lines[end]),
    ...lines.slice(end + 1),
  ];
  const ids = violated(await judgeLines(late));
  assert(ids.includes("DUR-4"), ids.join());
});

Deno.test("a fault of a MAP_SYNC mapping that calls no fsync breaks META-1", async () => {
  const lines = await recordedText("6.12-map-sync-ext4");
  const first = find(lines, 0, /dax_insert_pfn_mkwrite/);
  const needs = find(lines, first, /NEEDDSYNC$/);
  const mapped = find(lines, needs, /dax_insert_pfn_mkwrite/);
  const left = lines.filter((line, n) => n < needs || n > mapped || !/ext4_sync_file_/.test(line));
  assertEquals(violated(await judgeLines(recounted(left), "6.12.107")), ["META-1"]);
});

Deno.test("where no fault is seen to call fsync, its lines may not be recorded, whole or in half", async () => {
  const lines = await recordedText("6.12-map-sync-ext4");
  for (const off of [/ext4_sync_file_/, /ext4_sync_file_enter/, /ext4_sync_file_exit/]) {
    const left = recounted(lines.filter((line) => !off.test(line)));
    assertEquals(violated(await judgeLines(left, "6.12.107")), [], `${off}`);
  }
});

Deno.test("mmap with MAP_SYNC that maps the page cache breaks MSYNC-1", async () => {
  const events = [
    "sys_mmap(addr: 0, len: 1000, prot: 3, flags: 80003, fd: 3, off: 0)",
    "sys_mmap -> 0x7f0000000000",
    "mkwrite: (do_fault+0x1/0x2 <- do_page_mkwrite) dev=0xfe00000 ino=12 pgoff=0 " +
    "addr=0x7f0000000000 index=0 fl=0x11 ret=0x200",
  ];
  const lines = [
    "# tracer: nop",
    "# entries-in-buffer/entries-written: 4/4   #P:1",
    "kworker/0:1-9 (9) [000] ..... 99.000001: block_rq_complete: 8,0 WS () 0 + 8 [0]",
    ...events.map((event, n) => `app-101 (101) [000] ..... 99.00010${n}: ${event}`),
  ];
  assertEquals(violated(await judgeLines(lines)), ["MSYNC-1"]);
  const uncounted = lines.filter((line) => !line.startsWith("# entries"));
  assertEquals(violated(await judgeLines(uncounted)), []);
  const refused = lines.map((line) => line.replace("-> 0x7f0000000000", "-> 0xffffffffffffffa1"));
  assertEquals(violated(await judgeLines(refused)), []);
});

Deno.test("a folio that is declared clean and unlocked with no writeback breaks WB-TAG-1", async () => {
  const lines = await recordedText("6.12-msync-xfs");
  const writable = find(lines, 3000, /<- do_page_mkwrite\) .* ret=0x200/);
  const [, task] = /-(\d+) +\(/.exec(lines[writable] ?? "") ?? [];
  const [, file] = / (dev=\S+ ino=\d+) /.exec(lines[writable] ?? "") ?? [];
  const [, index] = / (index=\d+) /.exec(lines[writable] ?? "") ?? [];
  const clean = lines.findIndex((line) =>
    /<- folio_clear_dirty_for_io\) .* ret=1/.test(line) && !line.includes(`-${task} `) &&
    line.includes(`${file} ${index} `)
  );
  assert(clean !== -1);
  const more = [
    ...lines.slice(0, writable),
    atTimeOf(lines[clean], lines[writable]),
    ...lines.slice(writable),
  ];
  const ids = violated(await judgeLines(recounted(more), "6.12.107"));
  assert(ids.includes("WB-TAG-1"), ids.join());
});

Deno.test("writeback that takes TOWRITE of a folio and does not write it breaks WB-TOWRITE-1", async () => {
  const lines = await recordedText("6.12-error-ext4");
  const sync = find(
    lines,
    300,
    / ext4_writepages: .*range_start 0 range_end 9223372036854775807 sync_mode 1 /,
  );
  const start = find(lines, sync, /\(__folio_start_writeback\+.* keep=0/);
  const bio = find(lines, start, /<- bio_add_folio\)/);
  const [, ino = "", index = ""] = / ino=(\d+) index=(\d+) /.exec(lines[start] ?? "") ?? [];
  const [dirty = ""] = lines.filter((line) =>
    /writeback_dirty_folio/.test(line) && line.endsWith(` ino=${ino} index=${index}`)
  );
  assert(dirty !== "");
  const kept = lines.map((line, n) => n === bio ? atTimeOf(dirty, line) : line);
  const ids = violated(await judgeLines(kept, "6.12.107"));
  assert(ids.includes("WB-TOWRITE-1"), ids.join());
});

Deno.test("an fsync that does not commit what the block map needs breaks META-2, and DUR-1 with it", async () => {
  const lines = await recordedText("6.12-dsync-ext4");
  // The call needs transaction 287, and 286 is committed.
  const call = find(lines, 800, /pc_ext4sync: .* synctid=287 dsynctid=287 /);
  const back = find(lines, call, /pc_ext4sync_out: /);
  const commit = ["jbd2/vda-8", "opf=0x69801", "pc_jwait", "pc_fccommit"]
    .flatMap((word) => between(lines, call, back, word));
  const late = moved(lines, [...new Set(commit)].toSorted((a, b) => a - b), back + 3);
  assertEquals(violated(await judgeLines(recounted(late), "6.12.107")), ["DUR-1", "META-2"]);
});

Deno.test("a store that no fault holds back while the folio is written breaks STABLE-1, and WB-CLEAN-1 with it", async () => {
  const lines = await recordedText("7.3-stable-xfs");
  const store = find(lines, 480, /op=store off=1 /);
  const [, task = ""] = /-(\d+) +\(/.exec(lines[store] ?? "") ?? [];
  const done = find(lines, store, /op=store done/);
  const fault = new Set(between(lines, store + 1, done - 1, `-${task} `));
  const end = lines[done];
  const unheld = lines.flatMap((line, n) =>
    n === store ? [line, atTimeOf(end, line)] : n === done || fault.has(n) ? [] : [line]
  );
  assertEquals(violated(await judgeLines(recounted(unheld), "7.3.4")), ["WB-CLEAN-1", "STABLE-1"]);
});

Deno.test("a flush without a bio is none; one whose bio ends at once shows that there is no cache", async () => {
  const lines = await recordedText("6.12-skips-flush-ext4");
  assertEquals(violated(await judgeLines(lines, "6.12.117")), ["DUR-1"]);
  // As if nothing had ever been flushed on this device.
  const unflushed = lines.map((line) => line.replace("opf=0x69801", "opf=0x9801"));
  const answered = unflushed.flatMap((line) => {
    if (!/ flush_begin: /.test(line)) return [line];
    const [task = ""] = line.split("flush_begin: ");
    return [line, `${task}bio_end: (bio_endio+0x4/0x1e0) bio=0xf dev=0xfd00000 opf=0x801 status=0`];
  });
  const kept = async (those: readonly string[]): Promise<number | undefined> => {
    const result = await judgeLines(recounted(those), "6.12.117");
    assertEquals(violated(result), []);
    return result?.invariants.find(({ id }) => id === "DUR-1")?.judged;
  };
  assertEquals([await kept(unflushed), await kept(answered)], [0, 1]);
});

Deno.test("an fsync of XFS whose log force has written no log, though it returned 0, breaks DUR-1 and META-2", async () => {
  const lines = await recordedText("6.12-evicted-xfs");
  const sync = find(lines, 400, / xfs_sync: .* pin=1 /);
  const left = find(lines, sync, / xfs_synced: /);
  const logWrite = find(lines, sync, / bio_queue: .* opf=0x69801$/);
  assert(logWrite < left);
  const [bio = ""] = /bio=\w+/.exec(lines[logWrite] ?? "") ?? [];
  const without = lines.filter((line, n) =>
    n < sync || n > left || !(line.includes(`${bio} `) || line.includes(" xfs_inode_unpin: "))
  );
  assertEquals(violated(await judgeLines(recounted(without))), ["DUR-1", "META-2"]);
  // Where no such write is recorded at all, the return of the log force is believed.
  const plain = lines.filter((line) => !/ bio_(queue|end): .* opf=0x69801/.test(line));
  assertEquals(violated(await judgeLines(recounted(plain))), []);
});
