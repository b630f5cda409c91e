/**
 * fsync judged by plain tracepoints alone: extents, requests, flushes and commits, with no probe.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  bytesAt,
  createExtentMap,
  sectorSize,
  setExtent,
} from "../model/check/page_cache/extent_map.ts";
import {
  allArrived,
  createFolioSectors,
  sectorsArrived,
  sectorsDirty,
  sectorsSent,
} from "../model/check/page_cache/folio_sectors.ts";
import type { SectorsQueuedSeen } from "../model/check/page_cache/sector_observation.ts";
import {
  createSectorMaps,
  extentLookedUp,
  handedOver,
  overBefore,
} from "../model/check/page_cache/sectors.ts";
import { recordedFolder } from "../vectors/kernel/recorded_card.ts";
import { judgeLines, recounted, verdictOn, violated } from "./judge_text.ts";

Deno.test("what a later line says of bytes and of sectors goes before what an earlier one said", () => {
  const extent = fc.record({
    file: fc.constantFrom("a", "b"),
    first: fc.nat({ max: 12 }),
    count: fc.integer({ min: 1, max: 5 }),
    sector: fc.nat({ max: 12 }),
  });
  fc.assert(fc.property(fc.array(extent, { maxLength: 12 }), (extents) => {
    const map = createExtentMap();
    const naive = new Map<number, string>();
    for (const { file, first, count, sector } of extents) {
      const from = first * sectorSize;
      setExtent(map, { file, from, to: from + count * sectorSize, sector });
      for (let n = 0; n < count; n++) {
        const name = `${file} ${first + n}`;
        for (const [at, each] of naive) if (each === name) naive.delete(at);
        naive.set(sector + n, name);
      }
    }
    const found = new Map<number, string>();
    for (let sector = 0; sector < 20; sector++) {
      for (const { file, from, to } of bytesAt(map, sector, sector + 1)) {
        assertEquals(to - from, sectorSize);
        found.set(sector, `${file} ${from / sectorSize}`);
      }
    }
    assertEquals([...found].sort(), [...naive].sort());
  }));
});

Deno.test("a folio is written when all that was dirty of it was sent and has arrived, and not before", () => {
  const bytes = fc.record({
    from: fc.nat({ max: 15 }).map((n) => n * 1024),
    length: fc.integer({ min: 1, max: 4 }).map((n) => n * 1024),
  });
  fc.assert(
    fc.property(fc.array(bytes, { maxLength: 6 }), fc.array(bytes), (dirty, sent) => {
      const sectors = createFolioSectors();
      const [wanted, arrived] = [new Set<number>(), new Set<number>()];
      const each = ({ from, length }: { from: number; length: number }): readonly number[] =>
        Array.from({ length: length / 512 }, (_, n) => from / 512 + n);
      for (const one of dirty) {
        sectorsDirty(sectors, one.from, one.from + one.length);
        for (const at of each(one)) wanted.add(at);
      }
      for (const one of sent) {
        sectorsSent(sectors, one.from, one.from + one.length);
        assert(!allArrived(sectors, 0, 5));
        assert(sectorsArrived(sectors, one.from, one.from + one.length));
        for (const at of each(one)) arrived.add(at);
      }
      const all = dirty.length > 0
        ? wanted.isSubsetOf(arrived)
        : arrived.isSupersetOf(new Set(Array.from({ length: 40 }, (_, n) => n)));
      assertEquals(allArrived(sectors, 0, 5), sent.length > 0 && all);
    }),
  );
});

Deno.test("bios that together cover what was looked up tell the size of a block, the last of them", () => {
  const cuts = fc.uniqueArray(fc.integer({ min: 1, max: 31 }), { maxLength: 4 });
  const ended = fc.option(fc.nat({ max: 4 }), { nil: undefined });
  fc.assert(
    fc.property(cuts, fc.constantFrom(1024, 2048, 4096), ended, (inside, bytes, over) => {
      const maps = createSectorMaps();
      const [dev, pid, count] = ["259:5", 101, 32 / (bytes / sectorSize)];
      const where = {
        line: 1,
        time: 1,
        cpu: 0,
        task: "app",
        pid,
        text: "",
        role: "other",
      } as const;
      const extent = { file: { dev, ino: 12 }, dev, first: 3, at: 100, count } as const;
      const told = { blockSize: undefined, dirty: false, unwritten: false };
      extentLookedUp(maps, { kind: "extent_seen", where, ...extent, ...told });
      const first = 100 * (bytes / sectorSize);
      const ends = [0, ...inside.toSorted((a, b) => a - b), 32].map((at) => first + at);
      const bios = ends.slice(1).map((to, n): SectorsQueuedSeen => ({
        kind: "sectors_queued",
        where,
        sectors: { dev, from: ends[n] ?? 0, to },
        preflush: false,
        metadata: false,
      }));
      for (const [n, bio] of bios.entries()) {
        assertEquals(maps.blockSizes.get(dev), undefined);
        const back = handedOver(maps, bio);
        const isLast = n === bios.length - 1;
        assertEquals(back, isLast && maps.blockSizes.has(dev) ? bios.slice(0, -1) : []);
        if (n === over && !isLast) overBefore(maps, bio.sectors);
      }
      const lost = over !== undefined && over < bios.length - 1;
      assertEquals(maps.blockSizes.get(dev), lost ? undefined : bytes);
    }),
    { numRuns: 60 },
  );
});

async function linesOf(name: string): Promise<readonly string[]> {
  const file = await Deno.open(`${recordedFolder}/${name}.trace.txt.gz`);
  const text = await new Response(file.readable.pipeThrough(new DecompressionStream("gzip")))
    .text();
  return text.trimEnd().split("\n");
}

const ext4 = await linesOf("6.18-plain-ext4");
const xfs = await linesOf("6.18-plain-xfs");

/** Lines of each sync call of the recording, from its entry to its return. */
function calls(lines: readonly string[]): readonly (readonly [from: number, to: number])[] {
  return lines.flatMap((line, from) => {
    const [, task, call] = /-(\d+) .*: sys_(fsync|fdatasync)\(/.exec(line) ?? [];
    if (task === undefined) return [];
    const to = lines.findIndex((each, at) =>
      at > from && each.includes(`-${task} `) && each.includes(`sys_${call} -> 0x0`)
    );
    return to === -1 ? [] : [[from, to] as const];
  });
}

for (const [name, lines] of [["ext4", ext4], ["xfs", xfs]] as const) {
  Deno.test(`a kernel that flushes no more breaks DUR-1, made by machine of ${name}`, async () => {
    const [from] = calls(lines)[30] ?? [0];
    const left = lines.filter((line, at) => at < from || !/ FF | FWS 0 | \+ 0 /.test(line));
    assertEquals(violated(await judgeLines(recounted(left))), ["DUR-1"]);
  });

  Deno.test(`a write that fails while its fsync returns 0 breaks DUR-1, made by machine of ${name}`, async () => {
    let found = 0;
    for (const [from, to] of calls(lines).slice(20, 26)) {
      const at = lines.findIndex((line, at) =>
        at > from && at < to && / block_rq_complete: \S+ WS \(\) \d+ \+ [1-9]/.test(line)
      );
      if (at === -1) continue;
      const failed = lines.map((line, n) => n === at ? line.replace("[0]", "[-5]") : line);
      assertEquals(violated(await judgeLines(failed)), ["DUR-1"]);
      found++;
    }
    assert(found > 2);
  });
}

Deno.test("an fsync that returns before its write has ended breaks DUR-1, made by machine", async () => {
  const [from, to] = calls(ext4)[30] ?? [0, 0];
  const at = ext4.findIndex((line, at) =>
    at > from && / block_rq_complete: \S+ WS \(\) \d+ \+ [1-9]/.test(line)
  );
  assert(at < to);
  const [, time = ""] = / (\d+\.\d+): /.exec(ext4[to + 1] ?? "") ?? [];
  const late = (ext4[at] ?? "").replace(/ \d+\.\d+: /, ` ${time}: `);
  const moved = [...ext4.slice(0, at), ...ext4.slice(at + 1, to + 2), late, ...ext4.slice(to + 2)];
  assertEquals(violated(await judgeLines(moved)), ["DUR-1"]);
});

Deno.test("without the lines of extents, of requests or of commits the promise is undecided", async () => {
  for (const gone of [/ ext4_es_/, / block_rq_/, / jbd2_/, / ext4_mark_inode| ext4_journal/]) {
    const left = recounted(ext4.filter((line) => line.startsWith("#") || !gone.test(line)));
    assertEquals(verdictOn(await judgeLines(left), "DUR-1"), "undecided", `${gone}`);
  }
});

/** A direct write with O_DSYNC into an unwritten extent of ext4 without a journal. */
function directWrite(...header: readonly string[]): readonly string[] {
  const events: readonly (readonly [task: string, event: string])[] = [
    ["app-101", "ext4_es_lookup_extent_exit: dev 259,5 ino 12 found 1 [0/1) 32887 U"],
    ["app-101", "block_bio_remap: 259,0 WS 498455480 + 8 <- (259,5) 263096"],
    ["app-101", "block_bio_queue: 259,0 WS 498455480 + 8 [app]"],
    ["app-101", "block_rq_issue: 259,0 WS 4096 () 498455480 + 8 [app]"],
    ["app-101", "block_rq_complete: 259,0 WS () 498455480 + 8 [0]"],
    [
      "kworker/0:1-102",
      "ext4_journal_start_inode: dev 259,5 blocks 8, rsv_blocks 0, revoke_creds 8, type 3, ino 12, " +
      "caller ext4_convert_unwritten_extents+0xb4/0x260 [ext4]",
    ],
    ["kworker/0:1-102", "ext4_es_insert_extent: dev 259,5 ino 12 es [0/1) mapped 32887 status W"],
    ["kworker/0:1-102", "ext4_sync_file_enter: dev 259,5 ino 12 parent 2 datasync 1 "],
    ["kworker/0:1-102", "ext4_sync_file_exit: dev 259,5 ino 12 ret 0"],
  ];
  return [
    "# tracer: nop",
    ...header,
    ...events.map(([task, event], n) => `${task} [000] ..... 99.000${100 + n}: ${event}`),
  ];
}

Deno.test("a write with O_DSYNC that is not flushed is undecided where nothing tells of a volatile cache", async () => {
  const result = await judgeLines(directWrite());
  assertEquals(verdictOn(result, "DUR-2"), "undecided");
  const why = result?.invariants.find(({ id }) => id === "DUR-2")?.why;
  assert(why?.kind === "unjudged_calls");
  assertEquals(why.missing, "cache");
});

const counts = "# entries-in-buffer/entries-written: 9/9   #P:1";
const mount = "# pagespec: mount: 259:5 /mnt ext4 rw";

Deno.test("a write with O_DSYNC that is not flushed breaks DUR-2 where the device has a volatile cache", async () => {
  const volatile = await judgeLines(
    directWrite(counts, mount, "# pagespec: write_cache: write back"),
  );
  assertEquals(violated(volatile), ["DUR-2"]);
  const through = await judgeLines(
    directWrite(counts, mount, "# pagespec: write_cache: write through"),
  );
  assertEquals(violated(through), []);
});

Deno.test("whoever mounts with nobarrier wants no flush, and a note says so", async () => {
  const bare = recounted(ext4.filter((line) => !/ FF | FWS 0 | \+ 0 /.test(line)));
  assertEquals(violated(await judgeLines(bare)), ["DUR-1"]);
  for (const option of ["nobarrier", "barrier=0"]) {
    const result = await judgeLines(
      bare.map((line) => line.startsWith("# pagespec: mount:") ? `${line},${option}` : line),
    );
    assertEquals(violated(result), []);
    assert(result?.notes.some(({ kind }) => kind === "no_barriers"));
  }
});

Deno.test("a folio that was marked dirty again though it was dirty had been cleaned unseen", async () => {
  // A removal that cuts a folio leaves nothing to write of it: writeback passes it without a bio.
  const events = [
    "ext4_es_lookup_extent_exit: dev 259,5 ino 12 found 1 [0/1) 32887 W",
    "writeback_dirty_folio: bdi 259:5: ino=12 index=0",
    "sys_fsync(fd: 3)",
    "ext4_sync_file_enter: dev 259,5 ino 12 parent 2 datasync 0 ",
    "ext4_writepages: dev 259,5 ino 12 nr_to_write 9223372036854775807 pages_skipped 0 " +
    "range_start 0 range_end 9223372036854775807 sync_mode 1 for_kupdate 0 range_cyclic 0 " +
    "writeback_index 0",
    "ext4_writepages_result: dev 259,5 ino 12 ret 0 pages_written 1 pages_skipped 0 sync_mode 1 " +
    "writeback_index 0",
    "writeback_dirty_folio: bdi 259:5: ino=12 index=0",
    "ext4_sync_file_exit: dev 259,5 ino 12 ret 0",
    "sys_fsync -> 0x0",
    "ext4_writepages: dev 259,5 ino 12 nr_to_write 9223372036854775807 pages_skipped 0 " +
    "range_start 0 range_end 9223372036854775807 sync_mode 1 for_kupdate 0 range_cyclic 0 " +
    "writeback_index 0",
    "ext4_es_lookup_extent_exit: dev 259,5 ino 12 found 1 [0/1) 32887 W",
    "block_bio_queue: 259,5 WS 263096 + 8 [app]",
  ];
  const lines = events.map((event, n) =>
    `${n === 6 ? "kworker/0:1-102" : "app-101"} [000] ..... 99.000${100 + 20 * n}: ${event}`
  );
  const header = ["# tracer: nop", "# entries-in-buffer/entries-written: 0/0   #P:1"];
  const result = await judgeLines(recounted([...header, ...lines]));
  assertEquals(violated(result), []);
  assertEquals(verdictOn(result, "DUR-1"), "undecided");
});

/** The end of a direct read into a mapping, whose pages were cleaned meanwhile. */
const released = [
  "workqueue_execute_start: work struct 00000000: function bio_dirty_fn",
  "writeback_dirty_folio: bdi 7:0: ino=14 index=0",
  "workqueue_execute_end: work struct 00000000: function bio_dirty_fn",
].map((event, n) => `kworker/1:0-66 [001] d..1. 20.00000${n}: ${event}`);

Deno.test("a folio that bio_dirty_fn marks dirty breaks PIN-3, from its first line to its last", async () => {
  assertEquals(violated(await judgeLines(released)), ["PIN-3"]);
  // Without one of these lines nobody knows why the task has marked it.
  for (const at of [0, 1, 2]) {
    assertEquals(violated(await judgeLines(released.filter((_, n) => n !== at))), []);
  }
});
