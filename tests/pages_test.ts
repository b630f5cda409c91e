/**
 * Kernels whose page cache knows pages and no folios: recordings of later kernels, rewritten as 5.10 prints
 * the same.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { readerOfTracepoint } from "../vectors/kernel/rows.ts";
import { judgeLines, recounted } from "./judge_text.ts";
import { recordedText } from "./recorded.ts";

const PROBE =
  /^(?<head>.*: )(?<name>\w+): \((?:(?<place>[^<]+) <- (?<left>\w+)|(?<entered>\w+)\+0x[^)]*)\)(?<words>.*)$/;

/** What took the place of these functions; what is not here and has a folio, 5.10 does not have. */
const former: Readonly<Record<string, string>> = {
  folio_clear_dirty_for_io: "clear_page_dirty_for_io",
  __folio_start_writeback: "__test_set_page_writeback",
  folio_end_writeback: "end_page_writeback",
  folio_redirty_for_writepage: "redirty_page_for_writepage",
  ext4_da_write_end: "generic_write_end",
  bio_add_folio: "bio_add_page",
  __probestub_block_bio_queue: "submit_bio_checks",
};
const unchanged: ReadonlySet<string> = new Set([
  ...["do_page_mkwrite", "fault_dirty_shared_page", "bio_endio", "blkdev_issue_flush"],
  ...["jbd2_log_wait_commit", "ext4_fc_commit", "file_check_and_advance_wb_err"],
  ...["vfs_fsync_range", "file_write_and_wait_range", "invalidate_inode_pages2_range"],
  ...["truncate_inode_pages_range", "iomap_write_end"],
]);
/** What a return cannot print, and its entry must not be taken for. */
const changes = / (?:nrpages|fwberr|mwberr|seq|mfl|nr)=\S+/g;

/** Bits of the flags: where 6.12 has them, and where 5.10 has. */
const bits = [[0, 0], [1, 15], [3, 2], [4, 3], [6, 16]] as const;

function formerFlags(_: string, text: string): string {
  const flags = Number.parseInt(text.slice(-2), 16);
  const moved = bits.reduce((all, [now, then]) => all + ((flags >> now) & 1) * 2 ** then, 0);
  return ` pfl=0x${(0xfffffc0000000 + moved).toString(16)}`;
}

/** Where the disk's numbers begin, and the number of the partition: 0 for the disk itself. */
interface At {
  readonly part: number;
}

/** The words of a bio: its disk, and where it is handed over the partition. */
function bioWords(words: string, called: string, { part }: At): string {
  if (called !== "bio_endio" && called !== "submit_bio_checks") return words;
  return words.replace(/ dev=(0x[0-9a-f]+)/, (_, text: string) => {
    const dev = Number(text);
    const disk = ` major=${dev >>> 20} minor=${(dev & 0xfffff) - part}`;
    return called === "bio_endio" ? disk : `${disk} minors=16 part=${part}`;
  });
}

/** The lines as a kernel before folios prints them, by probes that take arguments at the entry alone. */
function withPages(lines: readonly string[], at: At = { part: 0 }): readonly string[] {
  const parsed = lines.map((line) => PROBE.exec(line)?.groups ?? {});
  const entries = new Set(parsed.flatMap(({ entered }) => entered ?? []));
  return lines.flatMap((line, index) => {
    const { head, name, place, left, entered, words = "" } = parsed[index] ?? {};
    const later = left ?? entered;
    if (later === undefined) {
      return [line.replace(/\bwriteback_dirty_folio:/, "writeback_dirty_page:")];
    }
    const called = former[later] ?? (unchanged.has(later) ? later : undefined);
    if (called === undefined) return [];
    const moved = bioWords(words.replace(/ fl=(\S+)/, formerFlags), called, at);
    const given = /^(?:jbd2_log_wait_commit|ext4_fc_commit)$/.test(called)
      ? moved.match(/ (?:tid|ret)=\S+/g)?.join("") ?? ""
      : moved.replace(changes, "");
    if (left === undefined) return [`${head}${name}: (${called}+0x0/0x100)${given}`];
    const returned = / ret=\S+/.exec(given)?.[0] ?? "";
    const leaves = `${head}${name}: (${place} <- ${called})${returned}`;
    const enters = `${head}${name}_begin: (${called}+0x0/0x100)${given.replace(returned, "")}`;
    return entries.has(left) ? [leaves] : [enters, leaves];
  });
}

const facts = ["# pagespec: missed: 000000000000"];

/** Verdicts on lines: as they are, and as 5.10 prints the same. */
async function both(lines: readonly string[], kernel: string | undefined, at?: At) {
  const first = lines.findIndex((line) => !line.startsWith("#"));
  const before = recounted(withPages(lines.toSpliced(first, 0, ...facts), at));
  assert(before.some((line) => line.includes("<- clear_page_dirty_for_io)")));
  const [whole, pages] = [await judgeLines(lines, kernel), await judgeLines(before, "5.10")];
  assert(whole !== undefined && pages !== undefined);
  return whole.invariants.map((each) => ({
    id: each.id,
    each,
    after: pages.invariants.find(({ id }) => id === each.id),
  }));
}

const names = [
  ...["6.12-dsync-ext4", "6.12-error-ext4", "6.12-failed-flush-ext4", "6.12-skips-error-ext4"],
  ...["6.12-skips-flush-ext4", "6.12-skips-wait-ext4", "6.12-skips-mkclean-ext4"],
];

/** What no line of 5.10 shows: what mkwrite has found, which tids an inode needs, an error's number. */
const unseen: ReadonlySet<string> = new Set(["WB-MKWRITE-1", "META-2", "DUR-5"]);

Deno.test("pages are judged like folios", async () => {
  for (const name of names) {
    for (const { id, each, after } of await both(await recordedText(name), name.split("-")[0])) {
      const [before, now] = [each.verdict, after?.verdict ?? "unexercised"];
      if (!unseen.has(id)) {
        assertEquals([now, after?.judged ?? 0], [before, each.judged], `${name} ${id}`);
      } else if (now !== before) {
        assert(now === "undecided" || now === "unexercised", `${name} ${id}`);
      }
    }
  }
});

Deno.test("a bio of a partition ends as one of its disk, and is the partition's", async () => {
  const lines = await recordedText("6.12-dsync-ext4");
  const moved = lines.map((line) =>
    line.replace(/\b254([:,])0\b/g, "254$11").replace(/\bdev=0xfe00000\b/g, "dev=0xfe00001")
  );
  const [disk, partition] = [await both(moved, "6.12"), await both(moved, "6.12", { part: 1 })];
  assertEquals(partition, disk);
  assertEquals(partition.find(({ id }) => id === "DUR-2")?.after?.verdict, "holds");
});

Deno.test("tracepoints of XFS and iomap say the same on 5.10, in another shape", () => {
  const xfs = ["xfs_file_buffered_write", "xfs_file_direct_write", "xfs_file_direct_read"];
  const shapes = [
    ...xfs.map((name) =>
      [
        name,
        "size 0x10000 offset 0x3000 count 8192",
        "disize 0x0 pos 0x3000 bytecount 0x2000",
      ] as const
    ),
    [
      "xfs_unwritten_convert",
      "isize 0x10000 disize 0x1000 offset 0x3000 count 8192",
      "isize 0x10000 disize 0x1000 pos 0x3000 bytecount 0x2000",
    ],
    [
      "iomap_writepage",
      "size 0x40000 offset 5000 length 1000",
      "size 0x40000 offset 0x5000 length 0x1000",
    ],
  ] as const;
  for (const [name, former, later] of shapes) {
    const read = (words: string) => {
      const body = `dev 254:0 ino 0x83 ${words}`;
      return readerOfTracepoint(name)?.read({ body }, "ftrace");
    };
    assert(typeof read(later) === "object", name);
    assertEquals(read(former), read(later), name);
  }
});

Deno.test("somebody's own probe on a page's function is not read, and nothing is lost by it", async () => {
  const lines = await recordedText("5.10-mkclean-ext4");
  const first = lines.findIndex((line) => !line.startsWith("#"));
  const [, head = ""] = /^(.*?: )/.exec(lines[first] ?? "") ?? [];
  const own = [
    `${head}kp_clear: (clear_page_dirty_for_io+0x0/0x220) page=0xffffea0000076340 index=0`,
    `${head}kr_clear: (mpage_submit_page+0x1f/0x80 [ext4] <- clear_page_dirty_for_io) ret=1`,
    `${head}kp_end: (end_page_writeback+0x0/0xb0) page=0xffffea0000076340 index=0`,
  ];
  const whole = await judgeLines(lines, "5.10");
  const more = await judgeLines(recounted(lines.toSpliced(first, 0, ...own)), "5.10");
  const verdicts = (result: typeof whole) =>
    result?.invariants.map(({ id, verdict, judged }) => `${id} ${verdict} ${judged}`);
  assertEquals(verdicts(more), verdicts(whole));
  assertEquals(more?.notes.map(({ kind }) => kind), whole?.notes.map(({ kind }) => kind));
});
