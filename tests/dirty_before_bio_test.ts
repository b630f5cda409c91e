/**
 * Folios that are marked dirty again after writeback has cleaned them, and before their bio is seen.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { TraceText } from "./bench/growing_traces.ts";
import { judgeLines, verdictOn } from "./judge_text.ts";

const [page, address] = ["dev 7,0 ino 12", "0x7f0000000008"];

/** The task marks a store to the page; it needs a fault, or none. */
function store(trace: TraceText, fault: "fault" | "none"): void {
  trace.line(101, `tracing_mark_write: op=store off=8 val=1 va=${address}`);
  if (fault === "fault") {
    trace.line(101, `page_fault_user: address=${address} ip=0x401000 error_code=0x7`);
    trace.line(101, `ext4_es_lookup_extent_exit: ${page} found 1 [0/1) 64 W`);
    trace.line(101, "writeback_dirty_folio: bdi 7:0: ino=12 index=0");
  }
  trace.line(101, "tracing_mark_write: op=store done off=8");
}

/** Writeback of the page begins: it is declared clean from here on. */
function begin(trace: TraceText): void {
  const range = "range_start 0 range_end 4095 sync_mode 0 for_kupdate 0 range_cyclic 0";
  trace.line(
    200,
    `ext4_writepages: ${page} nr_to_write 9 pages_skipped 0 ${range} writeback_index 0`,
  );
  trace.line(200, `ext4_es_lookup_extent_exit: ${page} found 1 [0/1) 64 W`);
}

/** The bio of the page is handed over, and ends. */
function write(trace: TraceText): void {
  const result = "ret 0 pages_written 1 pages_skipped 0 sync_mode 0 writeback_index 1";
  trace.line(200, "block_bio_queue: 7,0 W 512 + 8 [kworker/1:0]");
  trace.line(200, "block_rq_issue: 7,0 W 4096 () 512 + 8 be,0,4 [kworker/1:0]");
  trace.line(200, `ext4_writepages_result: ${page} ${result}`);
  trace.line(200, "block_rq_complete: 7,0 W () 512 + 8 be,0,4 [0]");
}

async function verdictOf(trace: TraceText): Promise<string> {
  const text = trace.text().replace(/ {12}prog-200(.*) \[000\]/g, "     kworker/1:0-200$1 [001]");
  return verdictOn(await judgeLines(text.trimEnd().split("\n"), "6.12.107"), "WB-CLEAN-1");
}

/** A page is mapped and written back once, so that its place and its mapping are known. */
function knownPage(): TraceText {
  const trace = new TraceText();
  const mmap = "sys_mmap(addr: 0, len: 1000, prot: 3, flags: 1, fd: 3, off: 0)";
  trace.line(101, "tracing_mark_write: dev=7:0 ino=0xc size=4096");
  trace.line(101, mmap);
  trace.line(101, "sys_mmap -> 0x7f0000000000");
  trace.line(101, "mm_filemap_add_to_page_cache: dev 7:0 ino c pfn=0x3001 ofs=0 order=0");
  store(trace, "fault");
  begin(trace);
  write(trace);
  store(trace, "fault");
  return trace;
}

Deno.test("a page made writable between writepages and its bio may have been so after mkclean", async () => {
  const trace = knownPage();
  begin(trace);
  store(trace, "fault");
  write(trace);
  store(trace, "none");
  assertEquals(await verdictOf(trace), "holds");
});

Deno.test("a page made writable before writepages stays so if mkclean has missed it", async () => {
  const trace = knownPage();
  begin(trace);
  write(trace);
  store(trace, "none");
  assertEquals(await verdictOf(trace), "violated");
});
