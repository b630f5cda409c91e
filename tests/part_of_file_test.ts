/**
 * Changes of an inode beside a sync call that are of a part of the file alone: a worker marks written what
 * has reached the device, of pages that the call does not owe (`model/check/page_cache/part_of_file.ts`).
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { judgeLines, recounted, verdictOn, violated } from "./judge_text.ts";

type Event = readonly [task: string, event: string];

const of = (task: string, ...events: readonly string[]): readonly Event[] =>
  events.map((event) => [task, event] as const);
const app = (...events: readonly string[]): readonly Event[] => of("app-101", ...events);
const other = (...events: readonly string[]): readonly Event[] => of("other-103", ...events);
const worker = (...events: readonly string[]): readonly Event[] => of("kworker/u8:1-66", ...events);

/** What DUR-1 comes to on a file system that is mounted so. */
async function verdict(mount: string, events: readonly Event[]): Promise<string> {
  const lines = events.map(([task, event], n) =>
    `${task} [000] ..... 99.000${100 + 20 * n}: ${event}`
  );
  const result = await judgeLines(recounted([
    "# tracer: nop",
    "# entries-in-buffer/entries-written: 0/0   #P:1",
    `# pagespec: mount: 259:5 /mnt ${mount} rw`,
    ...mount === "ext4" ? ["# pagespec: block_size: 4096"] : [],
    "# pagespec: write_cache: write through",
    ...lines,
  ]));
  assertEquals(violated(result), []);
  return verdictOn(result, "DUR-1");
}

const ext4 = "dev 259,5 ino 12";
const marked = (caller: string): string =>
  `ext4_mark_inode_dirty: ${ext4} caller ${caller}+0x1/0x2`;
const inserted = (block: number, status = "W"): string =>
  `ext4_es_insert_extent: ${ext4} es [${block}/1) mapped ${32887 + block} status ${status}`;
const cached = (page: number, order = 0): string =>
  `mm_filemap_add_to_page_cache: dev 259:5 ino c pfn=0x1 ofs=${page * 4096} order=${order}`;
const dirtied = (page: number): string => `writeback_dirty_folio: bdi 259:5: ino=12 index=${page}`;
const converted = marked("ext4_convert_unwritten_extents");

/** Writeback of a page by its task, and the end of the write. */
const written = (task: string, page: number): readonly Event[] => [
  ...of(
    task,
    `ext4_writepages: ${ext4} nr_to_write 1 range_start 0 range_end 9223372036854775807 sync_mode 1`,
    `ext4_es_lookup_extent_exit: ${ext4} found 1 [${page}/1) ${32887 + page} U`,
    `block_bio_queue: 259,5 WS ${(32887 + page) * 8} + 8 [app]`,
    `ext4_writepages_result: ${ext4} ret 0 pages_written 1`,
  ),
  ["<idle>-0", `block_rq_complete: 259,5 WS () ${(32887 + page) * 8} + 8 [0]`],
];
const commits = (what: string): Event => [
  "jbd2/sda5-8-67",
  `jbd2_${what}: dev 259,5 transaction 7 sync 0`,
];

/** fsync of page 0; between its commit, which holds all of that, and its return come other lines. */
function besideExt4(
  meanwhile: readonly Event[],
  before: readonly Event[] = [],
  dirty: readonly string[] = [cached(0), dirtied(0)],
): readonly Event[] {
  return [
    ...app(marked("ext4_ext_tree_init"), ...dirty),
    ...before,
    ...app("sys_fsync(fd: 3)", `ext4_sync_file_enter: ${ext4} parent 2 datasync 0 `),
    ...written("app-101", 0),
    ...worker(inserted(0), converted),
    commits("start_commit"),
    commits("commit_flushing"),
    ...meanwhile,
    commits("end_commit"),
    ...app(`ext4_sync_file_exit: ${ext4} ret 0`, "sys_fsync -> 0x0"),
  ];
}

/** Another page is made dirty and written after the call was entered; its end marks it written. */
const another = (page: number, ...marks: readonly string[]): readonly Event[] => [
  ...other(cached(page), dirtied(page)),
  ...written("other-103", page),
  ...worker(...marks),
];

Deno.test("what a worker marks written of other pages is no part of what a sync call of ext4 needs", async () => {
  const judge = (...args: Parameters<typeof besideExt4>): Promise<string> =>
    verdict("ext4", besideExt4(...args));
  assertEquals(await judge([]), "holds");
  assertEquals(await judge(another(9, inserted(9), converted)), "holds");
  // Its own page; or blocks that no line names, or that begin with its own.
  assertEquals(await judge(worker(inserted(0), converted)), "undecided");
  assertEquals(await judge(another(9, converted)), "undecided");
  const two = inserted(0).replace("[0/1)", "[0/10)");
  assertEquals(await judge(another(9, two, converted)), "undecided");
  // Blocks of another file.
  const elsewhere = inserted(9).replace("ino 12", "ino 13");
  assertEquals(await judge(another(9, elsewhere, converted)), "undecided");
  // How large the folio is that the call owes no line has told.
  const unsized = [dirtied(0)];
  assertEquals(await judge(another(9, inserted(9), converted), [], unsized), "undecided");
  // The root of the tree is in the inode: what it is changed for is told next.
  const inRoot = [marked("ext4_ext_map_blocks"), inserted(9), converted];
  assertEquals(await judge(another(9, ...inRoot)), "holds");
  assertEquals(await judge(another(9, marked("ext4_punch_hole"), ...inRoot)), "undecided");
});

Deno.test("what was on the media before a sync call, and is marked written after it was entered, it needs", async () => {
  const early = [...other(cached(9), dirtied(9)), ...written("other-103", 9)];
  const late = worker(inserted(9), converted);
  assertEquals(await verdict("ext4", besideExt4(late, early)), "undecided");
});

const begins = (caller: string): string =>
  `ext4_journal_start_inode: dev 259,5 blocks 26, rsv_blocks 18, revoke_creds 8, type 2, ino 12, ` +
  `caller ${caller}+0x1/0x2`;

Deno.test("where only the beginning of each change is recorded, what was marked written before it is no part of it", async () => {
  const marks = (page: number): readonly Event[] =>
    of("kworker/u8:2-70", begins("ext4_convert_unwritten_extents"), inserted(page));
  const judge = (...meanwhile: readonly Event[]): Promise<string> => {
    const call = besideExt4(meanwhile)
      .filter(([, event]) => !event.startsWith("ext4_mark_inode_dirty"));
    const commit = call.findIndex(([, event]) => event.startsWith("jbd2_start_commit"));
    return verdict("ext4", call.toSpliced(commit, 0, ...another(9), ...marks(9)));
  };
  assertEquals(await judge(), "holds");
  assertEquals(await judge(...marks(0)), "undecided");
});

Deno.test("a worker that has given a direct write its blocks may change the size of the file next", async () => {
  const judge = (...events: readonly string[]): Promise<string> =>
    verdict("ext4", besideExt4(of("iou-wrk-101-102", ...events)));
  const direct = [begins("ext4_iomap_begin"), inserted(5, "U")];
  const grows = marked("ext4_dirty_inode");
  assertEquals(await judge(...direct), "holds");
  assertEquals(await judge(begins("ext4_iomap_begin"), grows, inserted(5, "U")), "holds");
  assertEquals(await judge(...direct, grows), "undecided");
});

Deno.test("a sync call needs what is marked written of all pages of a folio, though it was split meanwhile", async () => {
  const judge = (meanwhile: readonly Event[]): Promise<string> =>
    verdict("ext4", besideExt4(meanwhile, [], [cached(0, 2), dirtied(0)]));
  assertEquals(await judge(another(9, inserted(9), converted)), "holds");
  assertEquals(await judge(worker(inserted(1), converted)), "undecided");
  assertEquals(await judge(another(1, inserted(1), converted)), "undecided");
});

Deno.test("that ext4 gives a page unwritten blocks leads to no data, and a write that makes the file larger neither", async () => {
  const maps = (status: string, ...then: readonly string[]): readonly Event[] =>
    other(
      `ext4_writepages: ${ext4} nr_to_write 1 range_start 0 range_end 9223372036854775807 sync_mode 1`,
      begins("ext4_do_writepages"),
      marked("ext4_ext_insert_extent"),
      inserted(0, status),
      ...then,
      `ext4_writepages_result: ${ext4} ret 0 pages_written 1`,
    );
  const judge = (meanwhile: readonly Event[]): Promise<string> =>
    verdict("ext4", besideExt4(meanwhile));
  assertEquals(await judge(maps("U")), "holds");
  assertEquals(await judge(maps("W")), "undecided");
  assertEquals(await judge(maps("U", marked("ext4_do_writepages"))), "undecided");
  const direct = [
    "sys_pwrite64(fd: 4, buf: 0x0, count: 0x1000, pos: 0)",
    begins("ext4_iomap_begin"),
  ];
  assertEquals(await judge(other(...direct, inserted(0, "U"))), "holds");
  assertEquals(await judge(other(...direct, inserted(0, "W"))), "undecided");
  const grows = [begins("ext4_da_write_end"), marked("ext4_da_write_end")];
  const write = "sys_pwrite64(fd: 4, buf: 0x0, count: 0x1000, pos: 0x1000)";
  assertEquals(await judge(other(write, ...grows)), "holds");
  // Of blocks that nothing marks written later, the size may be left to that write.
  assertEquals(await verdict("ext4", besideExt4(other(write, ...grows), maps("W"))), "undecided");
  assertEquals(await verdict("ext4", besideExt4(other(write, ...grows), maps("U"))), "holds");
  // It was entered before, or no line tells when.
  assertEquals(await judge(other(...grows)), "undecided");
  assertEquals(await verdict("ext4", besideExt4(other(...grows), other(write))), "undecided");
});

const xfs = "dev 259:5 ino 0xc";
const pin = (pins: number): string => `xfs_inode_pin: ${xfs} count 1 pincount ${pins} iflags 0x0`;
const unpin = (pins: number): Event => [
  "kworker/0:1H-54",
  `xfs_inode_unpin: ${xfs} count 1 pincount ${pins} iflags 0x0`,
];
const extent = (page: number, flag: 0 | 1, caller: string): string =>
  `xfs_bmap_post_update: ${xfs} state 0xc0 cur 0000000/1 fileoff 0x${page.toString(16)} ` +
  `startblock 0xa0 fsbcount 0x1 flag ${flag} caller ${caller}+0x1/0x2`;
const onDisk = (event: string, page: number, disize: number): string =>
  `${event}: ${xfs} isize 0x20000 disize 0x${disize.toString(16)} pos 0x${
    (page * 4096).toString(16)
  } bytecount 0x1000`;
const convert = "xfs_bmap_add_extent_unwritten_real";
const marks = (page: number, disize = 0x20000): readonly string[] => [
  onDisk("xfs_unwritten_convert", page, disize),
  extent(page, 0, convert),
];
const sent = (task: string, page: number): readonly Event[] => [
  ...of(
    task,
    `iomap_writeback_folio: ${xfs} size 0x20000 offset 0x${
      (page * 4096).toString(16)
    } length 0x1000`,
    `iomap_add_to_ioend: ${xfs} bdev 259:5 pos 0x${(page * 4096).toString(16)} dirty len 0x1000 ` +
      `addr 0x${((page + 16) * 4096).toString(16)} offset 0x0 length 0x1000 type UNWRITTEN`,
    `block_bio_queue: 259,5 WS ${(page + 16) * 8} + 8 [app]`,
  ),
  ["<idle>-0", `block_rq_complete: 259,5 WS () ${(page + 16) * 8} + 8 [0]`],
];

/** fsync of page 0 of XFS; what it marks written is in the first checkpoint, and other lines come before that is. */
function besideXfs(meanwhile: readonly Event[]): readonly Event[] {
  return [
    ...app(extent(3, 0, "xfs_bmap_del_extent_real"), pin(0)),
    unpin(1),
    ...app(cached(0), dirtied(0), "sys_fsync(fd: 3)", `xfs_file_fsync: ${xfs} iflags 0x0`),
    ...sent("app-101", 0),
    ...worker(...marks(0), pin(0)),
    ...meanwhile,
    unpin(2),
    ...app("sys_fsync -> 0x0"),
  ];
}

Deno.test("what a worker marks written of other pages is no part of what a sync call of XFS needs", async () => {
  const judge = (...marks: readonly string[]): Promise<string> =>
    verdict(
      "xfs",
      besideXfs([...other(cached(9), dirtied(9)), ...sent("other-103", 9), ...worker(...marks)]),
    );
  assertEquals(await judge(...marks(9), pin(1)), "holds");
  assertEquals(await judge(...marks(0), pin(1)), "undecided");
  // Not all that its transaction changes is that; or no line tells what it changes.
  assertEquals(
    await judge(...marks(9), extent(9, 0, "xfs_bmap_del_extent_real"), pin(1)),
    "undecided",
  );
  assertEquals(await judge(extent(9, 0, convert), pin(1)), "undecided");
  assertEquals(await judge(pin(1)), "undecided");
  assertEquals(await judge(...marks(9), pin(1), pin(2)), "undecided");
  // With it the size on the device comes to cover what the call owes.
  assertEquals(await judge(...marks(9, 0x0), pin(1)), "undecided");
  assertEquals(await judge(onDisk("xfs_setfilesize", 9, 0x9000), pin(1)), "holds");
  assertEquals(await judge(onDisk("xfs_setfilesize", 9, 0x800), pin(1)), "undecided");
});

Deno.test("that XFS gives a hole unwritten blocks leads to no data", async () => {
  const judge = (...meanwhile: readonly string[]): Promise<string> =>
    verdict("xfs", besideXfs(other(...meanwhile)));
  const allocates = (flag: 0 | 1): string => extent(0, flag, "xfs_bmap_add_extent_delay_real");
  assertEquals(await judge(allocates(1), pin(1)), "holds");
  assertEquals(await judge(allocates(0), pin(1)), "undecided");
  assertEquals(
    await judge(extent(0, 0, "xfs_bmap_del_extent_real"), allocates(1), pin(1)),
    "undecided",
  );
});
