/**
 * Lines of made-up recordings of DAX on ext4: two processes that map one file at one address.
 *
 * @module
 */

let time = 0;

/** A line of the task, ten microseconds after the one before. */
function line(pid: number, body: string): string {
  time += 10;
  const seconds = `${Math.floor(time / 1e6)}.${String(time % 1e6).padStart(6, "0")}`;
  return `            prog-${pid}     [000] .....    ${seconds}: ${body}`;
}

const file = "dev 259:0 ino 0xc";
const base = 0x7f0000000000;

/** How a fault is made, and what the CPU found: a page that is not mapped, or not for this access. */
interface Fault {
  readonly pid: number;
  readonly page: number;
  readonly write: boolean;
  readonly found?: "protected";
  /** The mapping is private: what is stored goes to a copy of the page. */
  readonly copies?: true;
  /** Bytes between the address at which both tasks map the file and this mapping. */
  readonly apart?: number;
}

function told({ page, write, apart, copies }: Fault): string {
  const shared = copies ? "private" : "shared";
  return `${file} ${shared} ${write ? "WRITE|USER" : "USER"} address ${addressOf(page, apart)} ` +
    `pgoff 0x${page.toString(16)} `;
}

function addressOf(page: number, apart = 0): string {
  return `0x${(base + apart + page * 4096).toString(16)}`;
}

/** The first lines of a fault. */
export function faultBegins(fault: Fault): readonly string[] {
  const { pid, page, write, found, apart } = fault;
  const code = `0x${(write ? 6 : 4) + (found === "protected" ? 1 : 0)}`;
  return [
    line(pid, `page_fault_user: address=${addressOf(page, apart)} ip=0x402554 error_code=${code}`),
    line(pid, `dax_pte_fault: ${told(fault)}`),
  ];
}

/** The last line of a fault. */
export function faultEnds(fault: Fault): string {
  const { pid, write, found, copies } = fault;
  if (copies) return line(pid, `dax_pte_fault_done: ${told(fault)}DONE_COW`);
  const result = write && found === undefined ? "MAJOR|NOPAGE" : "NOPAGE";
  return line(pid, `dax_pte_fault_done: ${told(fault)}${result}`);
}

/** A whole fault that nothing disturbs. */
export function fault(pid: number, page: number, write: boolean): readonly string[] {
  return [...faultBegins({ pid, page, write }), faultEnds({ pid, page, write })];
}

/** A store that a program marks, with the lines of its fault inside. */
export function stores(
  { pid, page, apart }: Omit<Fault, "write">,
  inside: () => readonly string[],
): readonly string[] {
  return [
    line(pid, `tracing_mark_write: op=store off=${page * 4096} va=${addressOf(page, apart)}`),
    ...inside(),
    line(pid, "tracing_mark_write: op=store done"),
  ];
}

/** A read fault that maps the zero page. */
export function readsHole(fault: Omit<Fault, "write">): readonly string[] {
  const read = { ...fault, write: false };
  return [
    ...faultBegins(read),
    line(fault.pid, `dax_load_hole: ${told(read)}NOPAGE`),
    faultEnds(read),
  ];
}

/** A mapping of 16 pages is undone. */
export function unmaps(pid: number, apart = 0): readonly string[] {
  return [
    line(pid, `sys_munmap(addr: ${(base + apart).toString(16)}, len: 10000)`),
    line(pid, "sys_munmap -> 0x0"),
  ];
}

/** write(2) of a page. */
export function writes(pid: number, page: number): readonly string[] {
  const ends = "flags WRITE|0x100 (0x101) ops ext4_iomap_ops [ext4] caller dax_iomap_rw+0xaf/0x770";
  const at = `${file} pos 0x${(page * 4096).toString(16)} length 0x1000`;
  return [0, 4096].map((done) => line(pid, `iomap_iter: ${at} processed ${done} ${ends}`));
}

/** A sync call is entered. */
export const enter = (pid: number): readonly string[] => [
  line(pid, "sys_fsync(fd: 3)"),
  line(pid, "ext4_sync_file_enter: dev 259,0 ino 12 parent 2 datasync 0 "),
];
/** A pass over the whole file begins. */
export const range = (pid: number): string =>
  line(pid, `dax_writeback_range: ${file} pgoff 0x0-0xfffff`);
/** An entry is declared clean. */
export const cleans = (pid: number, page: number): string =>
  line(pid, `dax_writeback_one: ${file} pgoff 0x${page.toString(16)} pglen 0x1`);
/** The pass is over. */
export const done = (pid: number): string =>
  line(pid, `dax_writeback_range_done: ${file} pgoff 0x1000-0xfffff`);
/** The sync call returns 0. */
export const returns = (pid: number): string => line(pid, "sys_fsync -> 0x0");

/** An fsync alone, whose pass cleans these pages. */
export function fsync(pid: number, ...pages: readonly number[]): readonly string[] {
  return [
    ...enter(pid),
    range(pid),
    ...pages.map((page) => cleans(pid, page)),
    done(pid),
    returns(pid),
  ];
}

/** Lines of a trace after a head that counts them. */
export function counted(lines: readonly string[]): readonly string[] {
  return [
    "# tracer: nop",
    "#",
    `# entries-in-buffer/entries-written: ${lines.length}/${lines.length}   #P:2`,
    "#",
    ...lines,
  ];
}

/** Faults of both tasks and an fsync, after which all is clean and every class of lines was seen. */
export function begun(): readonly string[] {
  time = 1_000_000;
  return [
    // Removals and truncates are recorded: none has come unseen.
    line(30, "sys_fallocate(fd: 3, mode: 0, offset: 0, len: 1000)"),
    line(30, "sys_fallocate -> 0x0"),
    line(30, "ext4_truncate_enter: dev 259,0 ino 99 blocks 8"),
    ...fault(10, 1, true),
    ...fault(20, 2, true),
    ...fsync(10, 1, 2),
    ...fault(10, 5, true),
  ];
}
