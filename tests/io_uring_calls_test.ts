/**
 * fsync by io_uring, as plain tracepoints show it: the worker names the request, makes its call, and names it
 * again when it is over.
 *
 * @module
 */
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import type { Verdict } from "../model/check/verdict.ts";
import type { Unjudged } from "../model/check/page_cache/why.ts";
import { planFor } from "../vectors/kernel/recording/plan.ts";
import { judgeLines, recounted, verdictOn } from "./judge_text.ts";
import { recordedText } from "./recorded.ts";

type Events = readonly (readonly [task: string, event: string])[];

const ring = "ring 000000003bcb6e9d";
const worker = "iou-wrk-101-102";
const address = "00000000eef23422";
const other = "00000000c69da8ff";

const submit = (request = address, opcode = "FSYNC"): Events[number] => [
  "app-101",
  `io_uring_submit_req: ${ring}, req ${request}, user_data 0x600, opcode ${opcode}, flags 0x10, ` +
  "sq_thread 0",
];
const queue = (request = address): Events[number] => [
  "app-101",
  `io_uring_queue_async_work: ${ring}, request ${request}, user_data 0x600, opcode FSYNC, ` +
  "flags 0x10000080010, normal queue, work 00000000ddbc14be",
];
const take = (request = address, by = worker): Events[number] => [
  by,
  `io_uring_file_get: ${ring}, req ${request}, user_data 0x600, fd 3`,
];
const complete = (request = address, result = 0, by = worker): Events[number] => [
  by,
  `io_uring_complete: ${ring}, req ${request}, user_data 0x600, result ${result}, cflags 0x0 ` +
  "extra1 0 extra2 0 ",
];

const inode = "dev 259,5 ino 12";
const enter = [worker, `ext4_sync_file_enter: ${inode} parent 2 datasync 0 `] as const;
/** fsync of ext4, of which the file system's own return is not recorded. */
const fsync: Events = [
  ["app-101", `ext4_mark_inode_dirty: ${inode} caller ext4_ext_tree_init+0x2f/0x40`],
  ["app-101", "writeback_dirty_folio: bdi 259:5: ino=12 index=0"],
  submit(),
  queue(),
  take(),
  enter,
  [
    worker,
    `ext4_writepages: ${inode} nr_to_write 9223372036854775807 pages_skipped 0 range_start 0 ` +
    "range_end 9223372036854775807 sync_mode 1 for_kupdate 0 range_cyclic 0 writeback_index 1",
  ],
  [worker, `ext4_es_lookup_extent_exit: ${inode} found 1 [0/1) 32887 W`],
  [worker, "block_bio_queue: 259,5 WS 263096 + 8 [iou-wrk-101]"],
  [worker, "block_rq_issue: 259,5 WS 4096 () 263096 + 8 [iou-wrk-101]"],
  [worker, `ext4_writepages_result: ${inode} ret 0 pages_written 1`],
  ["<idle>-0", "block_rq_complete: 259,5 WS () 263096 + 8 [0]"],
  ["jbd2/sda5-8-67", "jbd2_start_commit: dev 259,5 transaction 7 sync 0"],
  ["jbd2/sda5-8-67", "jbd2_end_commit: dev 259,5 transaction 7 sync 0 head 6"],
  complete(),
];
/** What the worker does next: whatever it was inside has ended. */
const next: Events = [take(other), [
  worker,
  "ext4_sync_file_enter: dev 259,5 ino 13 parent 2 datasync 0 ",
]];

/** The verdict on DUR-1, and what is missing if that is why there is none. */
async function judge(events: Events): Promise<Verdict | Unjudged> {
  const header = [
    "# tracer: nop",
    "# entries-in-buffer/entries-written: 0/0   #P:1",
    "# pagespec: mount: 259:5 /mnt ext4 rw",
    "# pagespec: write_cache: write through",
  ];
  const lines = events.map(([task, event], n) =>
    task === "" ? event : `${task} [000] ..... 99.000${100 + 20 * n}: ${event}`
  );
  const result = await judgeLines(recounted([...header, ...lines]));
  const why = result?.invariants.find(({ id }) => id === "DUR-1")?.why;
  return why?.kind === "unjudged_calls" ? why.missing : verdictOn(result, "DUR-1");
}

const named = (events: Events, name: string): number => {
  const found = events.findIndex(([, event]) => event.startsWith(name));
  assert(found !== -1, name);
  return found;
};
/** The call without the lines of these names. */
const without = (...names: readonly string[]): Events =>
  names.reduce((left, name) => left.toSpliced(named(left, name), 1), fsync);
const arrives = fsync.filter(([, event]) => event.startsWith("block_rq_complete"));
/** An fsync of ext4 whose data reaches the device after it has returned. */
const broken: Events = [...without("block_rq_complete"), ...arrives];

Deno.test("an fsync by io_uring has returned where its request is completed, by the worker or by its submitter", async () => {
  assertEquals(await judge([...fsync, ...next]), "holds");
  const bySubmitter = [...fsync.slice(0, -1), complete(address, 0, "app-101")];
  assertEquals(await judge([...bySubmitter, ...next]), "holds");
  assertEquals(await judge([...broken, ...next]), "violated");
  const called = without("block_rq_complete", "io_uring_complete");
  for (const [by] of [complete(), submit()]) {
    const ends = (result: number): Events => [
      ...called,
      complete(address, result, by),
      ...arrives,
      ...next,
    ];
    assertEquals(await judge(ends(0)), "violated");
    assertEquals(await judge(ends(-5)), "unexercised");
  }
});

Deno.test("the submitter may complete an fsync when its worker has gone on with another request", async () => {
  const bySubmitter = complete(address, 0, "app-101");
  const afterwards = (call: Events, ...events: Events): Promise<Verdict | Unjudged> =>
    judge([submit(other), complete(other), ...call, ...next, ...events]);
  const call = without("io_uring_complete");
  assertEquals(await afterwards(call, bySubmitter), "holds");
  assertEquals(await afterwards(call, complete(address, -5, "app-101")), "unexercised");
  assertEquals(await afterwards(call, complete()), "return", "its worker no longer can");
  assertEquals(await afterwards(call, submit(), bySubmitter), "return", "it is of another fsync");
  assertEquals(await afterwards(call), "unexercised", "it is not over");
  const broken = without("block_rq_complete", "io_uring_complete");
  assertEquals(await afterwards(broken, bySubmitter, ...arrives), "violated");
});

Deno.test("what a worker writes and syncs next is no fsync of a request that has shown no sync call", async () => {
  const entered = named(broken, "ext4_sync_file_enter");
  const bySubmitter = complete(address, 0, "app-101");
  const ends = (...before: Events): Events => [
    ...without("block_rq_complete", "io_uring_complete").toSpliced(entered, 0, ...before),
    bySubmitter,
    ...arrives,
    ...next,
  ];
  assertEquals(await judge(ends()), "violated");
  // Nothing tells which request has written: its file is that of one before, of a file system without lines.
  for (
    const event of [
      "writeback_dirty_folio: bdi 259:5: ino=12 index=1",
      "mm_filemap_add_to_page_cache: dev 259:5 ino c pfn=0x12345 ofs=4096 order=0",
      "xfs_file_buffered_write: dev 259:5 ino 0xc disize 0x0 pos 0x0 bytecount 0x1000",
      "iomap_dio_rw_begin: dev 259:5 ino 0xc size 0x1000 offset 0x0 length 0x1000 done_before 0x0 " +
      "flags DIRECT|WRITE dio_flags  aio 0",
    ]
  ) assertEquals(await judge(ends([worker, event])), "return", event);
});

Deno.test("an fsync by io_uring is open where not all lines tie it to its completion", async () => {
  const call = without("io_uring_complete");
  const open = async (events: Events, says: string): Promise<void> =>
    assertEquals(await judge([...events, ...next]), "return", says);
  await open(call, "no completion");
  await open(without("io_uring_file_get"), "nothing names the request in the worker");
  await open(without("io_uring_submit_req", "io_uring_queue"), "nothing says that it is an fsync");
  const entered = named(fsync, "ext4_sync_file_enter");
  await open(
    without("io_uring_file_get").toSpliced(entered, 0, take()),
    "the worker goes on with the request when it is inside the call already",
  );
  await open(fsync.toSpliced(entered + 1, 0, take(other)), "the worker has gone on with another");
  await open([...call, submit(other), complete(other)], "the worker completes another");
  await open([...call, complete(other)], "the worker completes one that was submitted before");
  await open([...call, submit(address, "READ"), complete()], "its address is that of another");
  await open([...call, submit(), queue(), complete()], "its address is that of another fsync");
  await open([...call, take(address, "iou-wrk-101-103"), complete()], "another worker has it");
  // Without the first line of every request, a later one at the same address would not be seen.
  const queued = without("io_uring_submit_req");
  assertEquals(await judge([...queued, ...next]), "holds");
  await open([...queued.slice(0, -1), complete(address, 0, "app-101")], "submitter completes it");
  assertEquals(await judge([...without("io_uring_queue"), ...next]), "holds");
});

Deno.test("fsyncs by io_uring at once end each with its own completion, in any order", async () => {
  const second = "iou-wrk-101-103";
  const both = (first: Events, last: Events): Events => [
    ...fsync.slice(0, 4),
    submit(other),
    queue(other),
    take(other, second),
    [second, enter[1]],
    ...fsync.slice(4, -1),
    ...first,
    ...last,
  ];
  const one = [complete()];
  const two = [complete(other, 0, second)];
  assertEquals(await judge([...both(one, two), ...next]), "holds");
  assertEquals(await judge([...both(two, one), ...next]), "holds");
});

Deno.test("events that are lost inside an fsync by io_uring leave it open", async () => {
  const lost = [["", "CPU:0 [LOST 3 EVENTS]"]] as const;
  const entered = named(fsync, "ext4_sync_file_enter");
  assertEquals(await judge([...fsync.toSpliced(entered + 1, 0, ...lost), ...next]), "undecided");
  assertEquals(await judge([...broken.toSpliced(entered + 1, 0, ...lost), ...next]), "undecided");
});

Deno.test("no line of io_uring, and no kind of them, can be taken out so that a verdict is the other", async () => {
  // Another request has the address afterwards, and ends with the result that an fsync has.
  const reused: Events = [submit(address, "READ"), complete(address, 0, "app-101")];
  for (const [events, never] of [[fsync, "violated"], [broken, "holds"]] as const) {
    const whole = [...events, ...reused, ...next];
    const ofRing = whole.filter(([, event]) => event.startsWith("io_uring_"));
    const kinds = Map.groupBy(ofRing, ([, event]) => event.split(":")[0]);
    for (const out of [...ofRing.map((line) => [line]), ...kinds.values()]) {
      const verdict = await judge(whole.filter((line) => !out.includes(line)));
      assertNotEquals(verdict, never, out.map(([, event]) => event).join("\n"));
    }
  }
});

Deno.test("without the lines of io_uring, fsyncs of XFS in a recording have no return", async () => {
  const lines = await recordedText("6.18-io-uring-xfs");
  assertEquals(verdictOn(await judgeLines(lines), "DUR-1"), "holds");
  for (const name of ["io_uring_\\w+", "io_uring_file_get", "io_uring_complete"]) {
    const line = new RegExp(` ${name}: `);
    const left = recounted(lines.filter((each) => each.startsWith("#") || !line.test(each)));
    const result = await judgeLines(left);
    const why = result?.invariants.find(({ id }) => id === "DUR-1")?.why;
    assert(why?.kind === "unjudged_calls", name);
    assertEquals(why.missing, "return", name);
    assert(left[why.line - 1]?.includes("xfs_file_fsync"), "named by its entry");
    const [note] = result?.notes.filter((each) => each.kind === "page_cache") ?? [];
    assert((note?.numbers.syncsWithData ?? 0) > why.more, "it had dirty folios");
  }
});

Deno.test("an fsync of XFS by io_uring that kept its promise is noted and not counted, as no line tells its range", async () => {
  const result = await judgeLines(await recordedText("6.18-io-uring-xfs"));
  const durable = result?.invariants.find(({ id }) => id === "DUR-1");
  const numbers = result?.notes.flatMap((note) => note.kind === "page_cache" ? [note.numbers] : []);
  assertEquals(durable?.judged, 1, "of dd");
  assertEquals(numbers?.map(({ syncsOfAnyRange }) => syncsOfAnyRange), [15], "by io_uring");
});

Deno.test("lines of io_uring are asked for where XFS may be, as ext4 tells the return itself", () => {
  const asks = (fileSystem: string | undefined): boolean =>
    planFor({ kernel: "6.18", fileSystem, dax: false, ids: undefined }).events
      .includes("io_uring/io_uring_complete");
  assertEquals([undefined, "xfs", "ext4"].map(asks), [true, true, false]);
});
