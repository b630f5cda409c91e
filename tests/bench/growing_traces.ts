/**
 * Traces that grow in one direction while an event touches no more: what a line of them costs must
 * stay what it was.
 *
 * @module
 */

/** Writes the lines of a trace of DAX on ext4, 20 microseconds apart. */
export class TraceText {
  readonly #lines: string[] = [];
  #time = 1_000_000;

  /** Lines so far. */
  get length(): number {
    return this.#lines.length;
  }

  line(pid: number, event: string): void {
    this.#time += 20;
    const time = `${Math.floor(this.#time / 1e6)}.${String(this.#time % 1e6).padStart(6, "0")}`;
    const head = `${"prog".padStart(16)}-${String(pid).padEnd(7)} (${String(pid).padStart(7)})`;
    this.#lines.push(`${head} [000] ..... ${time}: ${event}`);
  }

  fault(pid: number, ino: number, page: number, base = 0x7f0000000000): void {
    const address = `0x${(base + page * 4096).toString(16)}`;
    const fault = `dev 259:0 ino 0x${ino.toString(16)} shared WRITE|USER address ${address}`;
    this.line(pid, `page_fault_user: address=${address} ip=0x401000 error_code=0x7`);
    this.line(pid, `dax_pte_fault: ${fault} pgoff 0x${page.toString(16)} `);
    this.line(pid, `dax_pte_fault_done: ${fault} pgoff 0x${page.toString(16)} NOPAGE`);
  }

  read(pid: number, ino: number, page: number): void {
    const address = `0x${(0x7f0000000000 + page * 4096).toString(16)}`;
    const fault = `dev 259:0 ino 0x${ino.toString(16)} shared USER address ${address}`;
    this.line(pid, `page_fault_user: address=${address} ip=0x401000 error_code=0x4`);
    this.line(pid, `dax_pte_fault: ${fault} pgoff 0x${page.toString(16)} `);
    this.line(pid, `dax_pte_fault_done: ${fault} pgoff 0x${page.toString(16)} NOPAGE`);
  }

  /** Of the whole file, with the one page that it writes back. */
  fsync(pid: number, ino: number, page: number): void {
    const file = `dev 259:0 ino 0x${ino.toString(16)}`;
    const pgoff = "pgoff 0x0-0x7ffffffffffff";
    this.line(pid, "sys_fsync(fd: 3)");
    this.line(pid, `ext4_sync_file_enter: dev 259,0 ino ${ino} parent 2 datasync 0 `);
    this.line(pid, `dax_writeback_range: ${file} ${pgoff}`);
    this.line(pid, `dax_writeback_one: ${file} pgoff 0x${page.toString(16)} pglen 0x1`);
    this.line(pid, `dax_writeback_range_done: ${file} ${pgoff}`);
    this.line(pid, `ext4_sync_file_exit: dev 259,0 ino ${ino} ret 0`);
    this.line(pid, "sys_fsync -> 0x0");
  }

  msync(pid: number, ino: number, page: number): void {
    const file = `dev 259:0 ino 0x${ino.toString(16)}`;
    const pgoff = `0x${page.toString(16)}`;
    this.line(pid, `sys_msync(start: 7f0000000000, len: 1000, flags: 4)`);
    this.line(pid, `ext4_sync_file_enter: dev 259,0 ino ${ino} parent 2 datasync 0 `);
    this.line(pid, `dax_writeback_range: ${file} pgoff ${pgoff}-${pgoff}`);
    this.line(pid, `dax_writeback_one: ${file} pgoff ${pgoff} pglen 0x1`);
    this.line(pid, `dax_writeback_range_done: ${file} pgoff ${pgoff}-${pgoff}`);
    this.line(pid, `ext4_sync_file_exit: dev 259,0 ino ${ino} ret 0`);
    this.line(pid, "sys_msync -> 0x0");
  }

  /** The text as tracefs prints it. */
  text(): string {
    const count = `# entries-in-buffer/entries-written: ${this.length}/${this.length}   #P:2`;
    return `# tracer: nop\n#\n${count}\n#\n${this.#lines.join("\n")}\n`;
  }
}

/** Syncs of one page each, in a file with a number of dirty pages, each of which has been clean. */
function syncs(dirty: number, rounds: number): TraceText {
  const trace = new TraceText();
  for (let page = 0; page < dirty; page++) {
    trace.fault(100, 12, page);
    trace.msync(100, 12, page);
  }
  for (let page = 0; page < dirty; page++) trace.fault(100, 12, page);
  for (let round = 0; round < rounds; round++) {
    trace.msync(100, 12, round % 10);
    trace.fault(100, 12, round % 10);
  }
  return trace;
}

/** Syncs of one page each, in a file whose other pages are dirty and were never seen to be cleaned. */
function firstSyncs(dirty: number, rounds: number): TraceText {
  const trace = new TraceText();
  for (let page = 0; page < dirty; page++) trace.fault(100, 12, page);
  for (let round = 0; round < rounds; round++) {
    trace.msync(100, 12, round % 10);
    trace.fault(100, 12, round % 10);
  }
  return trace;
}

/** Syncs of a file of which one page is written, and others have only been read. */
function beside(read: number, rounds: number): TraceText {
  const trace = new TraceText();
  for (let page = 1; page <= read; page++) trace.read(100, 12, 512 + page);
  for (let round = 0; round < rounds; round++) {
    trace.fault(100, 12, 0);
    trace.fsync(100, 12, 0);
  }
  return trace;
}

/** Faults on one page after the other of a file that has a number of them. */
function pages(count: number, rounds: number): TraceText {
  const trace = new TraceText();
  for (let round = 0; round < rounds; round++) trace.fault(100, 12, round % count);
  return trace;
}

/** A number of processes that map one file, each at an address of its own. */
function processes(count: number, rounds: number): TraceText {
  const trace = new TraceText();
  for (let round = 0; round < rounds; round++) {
    const process = round % count;
    const page = Math.floor(round / count) % 16;
    trace.fault(100 + process, 12, page, 0x7f0000000000 + process * 0x10000000);
    if (round % 8 === 7) trace.msync(100 + process, 12, page);
  }
  return trace;
}

/** A number of tasks that call fsync, beside one that faults. */
function tasks(count: number, rounds: number): TraceText {
  const trace = new TraceText();
  for (let round = 0; round < rounds; round++) {
    trace.line(200 + round % count, "sys_fsync(fd: 3)");
    trace.line(200 + round % count, "sys_fsync -> 0x0");
    if (round % 50 === 0) trace.fault(100, 12, round % 64);
  }
  return trace;
}

/** A number of files, each mapped, stored to and unmapped. */
function files(count: number, rounds: number): TraceText {
  const trace = new TraceText();
  for (let round = 0; round < rounds; round++) {
    const file = round % count;
    const base = 0x7f0000000000 + file * 0x100000;
    trace.fault(100, 12 + file, 0, base);
    trace.line(100, `sys_munmap(addr: ${base.toString(16)}, len: 1000)`);
    trace.line(100, "sys_munmap -> 0x0");
  }
  return trace;
}

/** One direction in which a trace can grow. */
interface Growth {
  readonly name: string;
  readonly trace: (size: number, rounds: number) => TraceText;
  /** Two sizes whose lines should cost alike. */
  readonly sizes: readonly [few: number, many: number];
  readonly rounds: number;
}

/** All of them. */
export const growths: readonly Growth[] = [
  { name: "msyncs of a page, by dirty pages", trace: syncs, sizes: [10, 4000], rounds: 2000 },
  { name: "the same, never cleaned", trace: firstSyncs, sizes: [100, 4000], rounds: 2000 },
  { name: "fsyncs, by pages only read", trace: beside, sizes: [10, 4000], rounds: 2000 },
  { name: "faults, by pages", trace: pages, sizes: [100, 20_000], rounds: 20_000 },
  { name: "faults, by processes", trace: processes, sizes: [8, 64], rounds: 16_000 },
  { name: "fsyncs, by tasks", trace: tasks, sizes: [100, 10_000], rounds: 20_000 },
  { name: "munmaps, by files", trace: files, sizes: [100, 10_000], rounds: 10_000 },
];
