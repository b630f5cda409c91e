/**
 * Breaches of direct I/O and of removals, made by machine: a good recording with one thing changed as it
 * would be if the kernel had left out a step. No kernel did that; the checker must find it all the same.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { recordedFolder } from "../vectors/kernel/recorded_card.ts";
import { judgeLines, recounted, verdictOn, violated } from "./judge_text.ts";
import { between, find, moved, packedLines, withFolioKept } from "./made_breach.ts";

const lines = await packedLines(`${recordedFolder}/6.12-direct-xfs.trace.txt.gz`);

/** Lines from which on a punch takes data, and a page is stored to after a direct write. */
const punchOfData = 2670, storedAfter = 1690;
/** The file of the punches, as probes print it. */
const inode = " ino=132 ";

/** A test that the recording, changed like that, breaks these invariants and no other. */
function breaks(ids: string, what: string, make: () => readonly string[]): void {
  Deno.test(`${what} breaks ${ids}`, async () => {
    const result = await judgeLines(recounted(make()), "6.12.117");
    assertEquals(violated(result), ids.split(" and "));
  });
}

/** Tries places from a line on until one of them will do. */
function first<T>(from: number, place: (from: number) => T | number): T {
  for (let at = from;;) {
    const found = place(at);
    if (typeof found !== "number") return found;
    at = found;
  }
}

const removes = "mm_filemap_delete_from_page_cache", adds = "mm_filemap_add_to_page_cache";

/** Where a direct write removes a folio of one page before its I/O. */
function removalByWrite(after: number): number {
  return first(after, (from) => {
    const begin = find(lines, from, "iomap_dio_rw_begin");
    const removal = find(lines, begin, "dioWrite", removes, "order=0");
    const end = find(lines, begin, "<- kiocb_invalidate_pages)");
    return removal < end ? { removal } : end;
  }).removal;
}

breaks(
  "COH-1",
  "a direct write that leaves an old folio in the cache",
  () => withFolioKept(lines, removalByWrite(1000)),
);

Deno.test("if the kernel's count of pages tells otherwise, lines are missing and nothing is broken", async () => {
  const fewer = withFolioKept(lines, removalByWrite(1000), false);
  const result = await judgeLines(fewer, "6.12.117");
  assertEquals(verdictOn(result, "COH-1"), "undecided");
  // The pages were counted, at another time: no line that could be recorded decides it.
  const why = result?.invariants.find(({ id }) => id === "COH-1")?.why;
  assertEquals(why?.kind === "unjudged_calls" && why.missing, "count");
});

breaks(
  "COH-1 and COH-2",
  "writeback of an old folio that a direct write has left there",
  // It is stored to after the write, and written back by the next fsync.
  () => withFolioKept(lines, removalByWrite(storedAfter)),
);

breaks(
  "COH-3",
  "a read that returns what a direct write has overwritten",
  () =>
    first(1000, (from) => {
      const begin = find(lines, from, "op=dwrite off=", "len=4096");
      const write = find(lines, begin, "op=dwrite done");
      const [, offset = ""] = / (off=\d+) /.exec(lines[write] ?? "") ?? [];
      const wrote = new RegExp(`op=dwrite ${offset} len=4096 (val=\\d+)`);
      const [, older = ""] = wrote.exec(
        lines.slice(0, begin).findLast((line) => wrote.test(line)) ?? "",
      ) ?? [];
      const next = find(lines, write, "op=dwrite off=");
      const read = find(lines, write, `op=read ${offset} `);
      if (read > next || older === "") return write + 1;
      const done = find(lines, read, `op=read done ${offset} `);
      return lines.map((line, n) => n === done ? line.replace(/val=\d+/, older) : line);
    }),
);

breaks("COH-4", "a direct read that writes nothing back first", () =>
  first(1000, (from) => {
    const begin = find(lines, from, "op=dread off=");
    const end = find(lines, begin, "iomap_dio_complete");
    const clean = find(lines, begin, "<- folio_clear_dirty_for_io)");
    const written = find(lines, clean, "(folio_end_writeback+0x");
    if (written > end) return end;
    return moved(lines, between(lines, clean, written, "dioWrite"), end);
  }));

breaks("COH-5", "a second invalidation before the unwritten blocks are converted", () => {
  const converts = find(lines, 600, "dioWrite", "xfs_unwritten_convert");
  return moved(lines, [converts], find(lines, converts, "<- kiocb_invalidate_post_direct_write)"));
});

const cutBegins = "(truncate_inode_pages_range+0x", cutEnds = "<- truncate_inode_pages_range)";

breaks("INV-3", "a folio that is added while a hole is punched", () =>
  first(1000, (from) => {
    const begin = find(lines, find(lines, from, "xfs_free_file_space"), cutBegins);
    const end = find(lines, begin, cutEnds);
    const add = find(lines, end, adds, /cutRead|cutStore/);
    // Where one is already, none can be added: after the cut has removed what was there.
    const removed = lines.slice(begin, end).findLastIndex((line) => line.includes(removes));
    return add - end < 40 ? moved(lines, [add], begin + Math.max(removed, 0)) : end;
  }));

breaks("INV-4", "a hole punch that leaves a folio in the hole", () =>
  first(punchOfData, (from) => {
    const punch = find(lines, from, "sys_fallocate(", "mode: 3");
    const removal = find(lines, punch, / cut-\d/, removes, "order=0");
    const end = find(lines, punch, "sys_fallocate -> 0x0");
    return removal < end ? withFolioKept(lines, removal) : end;
  }));

/** A collapse within which a dirty folio is discarded, with nothing of its being written. */
function collapsedOverDirty(): readonly string[] {
  return first(1000, (from) => {
    const collapse = find(lines, from, "sys_fallocate(", "mode: 8");
    const end = find(lines, collapse, "sys_fallocate -> ");
    const [, offset = ""] = / offset: (\w+), /.exec(lines[collapse] ?? "") ?? [];
    const behind = Number.parseInt(offset, 16) / 4096 + 1;
    for (const cleaned of between(lines, collapse, end, "<- folio_clear_dirty_for_io)", inode)) {
      const [, index = ""] = / index=(\d+) /.exec(lines[cleaned] ?? "") ?? [];
      const place = ` ofs=${Number(index) * 4096} order=0`;
      const [removal] = between(lines, cleaned, end, removes, place);
      if (Number(index) < behind || removal === undefined) continue;
      return lines.filter((line, n) =>
        n < cleaned || n > removal || !line.includes(` index=${index} `)
      );
    }
    return end;
  });
}

breaks("INV-5", "a range that collapses over a folio that was not written", collapsedOverDirty);

Deno.test("where one task alone is seen to clean folios, another may have written it unseen", async () => {
  const collapsed = collapsedOverDirty();
  const others = collapsed.filter((line) =>
    !line.includes("<- folio_clear_dirty_for_io)") || line.includes("cut-")
  );
  const result = await judgeLines(recounted(others), "6.12.117");
  assertEquals(verdictOn(result, "INV-5"), "undecided");
});

const evicted = await packedLines(`${recordedFolder}/6.12-evicted-xfs.trace.txt.gz`);

/** Moves ends of I/O from before a punch to after it; their bio's address is another's inside it. */
function endedLate(
  all: readonly string[],
  ends: readonly number[],
  begin: number,
  after: number,
): readonly string[] {
  const last = ends.at(-1) ?? 0;
  const [, bio = ""] = / (bio=\S+) .*/.exec(all[ends[0] ?? 0] ?? "") ?? [];
  const other = all.map((line, n) =>
    n >= begin && n <= last ? line.replace(`${bio} `, `${bio}f `) : line
  );
  return moved(other, ends, after);
}

breaks("INV-1", "a read that goes on after its block was punched out", () => {
  const punch = find(evicted, 5700, "sys_fallocate(", "mode: 3");
  const end = find(evicted, punch, "sys_fallocate -> 0x0");
  const removal = find(evicted, punch, / cut-\d/, removes);
  const [, offset = ""] = / ofs=(\d+) /.exec(evicted[removal] ?? "") ?? [];
  const carried = `${inode}index=${Number(offset) / 4096} `;
  const begin = evicted.slice(0, punch).findLastIndex((line) =>
    line.includes("bio_add_first: ") && line.includes(carried)
  );
  const ended = find(evicted, begin, "bio_end: ");
  // Two lines of the folio are gone: that of its removal is one of them, before the end of the call.
  const late = endedLate(evicted, [ended], begin, end);
  return withFolioKept(late, find(late, punch - 1, / cut-\d/, removes));
});

breaks("DUR-1 and INV-2", "writeback that goes on after its block was punched out", () => {
  const punch = find(lines, 5600, "sys_fallocate(", "mode: 3");
  const end = find(lines, punch, "sys_fallocate -> 0x0");
  const before = lines.slice(0, punch);
  const last = before.findLastIndex((line) => line.includes("(folio_end_writeback+0x"));
  const ended = before.findLastIndex((line, n) => n < last && line.includes("bio_end: "));
  // The end of the folio that is gone names no file any more; that of its neighbour comes late, too.
  const [neighbour = last] = between(lines, ended, last, "(folio_end_writeback+0x");
  const late = endedLate(lines, [ended, neighbour], ended - 20, end);
  return late.filter((line) => line !== lines[last]);
});
