/**
 * The columns that stand before every event: `TASK-PID (TGID) [CPU] flags TIME:`.
 *
 * The kernel prints them in `trace_print_context` (kernel/trace/trace_output.c): the task right
 * aligned in 16 bytes, so that its `-` is character 16 whatever the name holds; trace-cmd prints
 * the same widths. This is the hot loop of reading, so it works on the bytes of a text with many
 * lines, and fills one object over and over. The newline behind a line ends every loop here. What a
 * task's line begins with is recognised where it was met before (`line_heads.ts`).
 *
 * @module
 */

import type { Coded } from "./lines.ts";
import {
  createHeads,
  headLength,
  type Heads,
  headSlot,
  keepHead,
  nameAt,
  TASK_WIDTH,
} from "./line_heads.ts";

/** What the columns of one line say. */
export interface Columns {
  /** Where the line begins in the text. */
  line: number;
  task: string;
  pid: number;
  /** 0 where it is not printed, or not known. */
  tgid: number;
  cpu: number;
  /** Width of the column of irq and preemption flags; 0 where there is none. */
  latencyColumns: number;
  /** The third of those flags: `h`, `s`, `H` or `.`, as a byte; 0 where there is none. */
  interrupt: number;
  /**
   * Nanoseconds where the clock prints seconds, else the bare count. Exact below 2^53 (104 days of
   * nanoseconds); above that the nearest double, which still orders stamps of a microsecond.
   */
  time: number;
  seconds: boolean;
  /** Where the event's own text begins. */
  event: number;
}

/** How lines of tasks begin that were met before. They say the same in every text. */
const heads: Heads = createHeads();

/** A `Columns` to be filled by `readColumns`. */
export function newColumns(): Columns {
  return {
    line: 0,
    task: "",
    pid: 0,
    tgid: 0,
    cpu: 0,
    latencyColumns: 0,
    interrupt: 0,
    time: 0,
    seconds: true,
    event: 0,
  };
}

/** Decimal digits that a double has for certain. */
const EXACT_DIGITS = 15;
const NEWLINE = 0x0a;
const SPACE = 0x20, LEFT_PARENTHESIS = 0x28, RIGHT_PARENTHESIS = 0x29, PLUS = 0x2b, DASH = 0x2d;
const POINT = 0x2e, DIGIT_0 = 0x30, DIGIT_9 = 0x39, COLON = 0x3a;
const LEFT_BRACKET = 0x5b, RIGHT_BRACKET = 0x5d;

/** Decimal digits of a fraction to nanoseconds: `NANOSECONDS[6]` for microseconds. */
const NANOSECONDS = [1e9, 1e8, 1e7, 1e6, 1e5, 1e4, 1e3, 1e2, 10, 1] as const;

/**
 * Fills `columns` from the line from `start` to `end`, behind which a newline stands, or nothing; false
 * if the line does not begin with such columns.
 */
export function readColumns(lines: Coded, start: number, end: number, columns: Columns): boolean {
  const { codes } = lines;
  columns.line = start;
  const usual = start + TASK_WIDTH;
  if (usual + 8 < end) {
    const slot = headSlot(lines, start);
    const length = headLength(heads, slot, lines, start, end);
    if (length > 0 && readFrom(codes, start + length, columns)) {
      columns.task = heads.tasks[slot] ?? "";
      columns.pid = heads.pids[slot] ?? 0;
      columns.tgid = heads.tgids[slot] ?? 0;
      return true;
    }
    if (codes[usual] === DASH) {
      const next = readThread(codes, usual, columns);
      if (next !== -1 && readFrom(codes, next, columns)) {
        columns.task = keepHead(heads, slot, lines, start, next, columns);
        return true;
      }
    }
  }
  // The dash is elsewhere where the name is not ASCII (the kernel pads bytes) or a mail indented it.
  const line = lines.text.slice(start, end);
  for (let dash = line.indexOf("-"); dash !== -1; dash = line.indexOf("-", dash + 1)) {
    const next = readThread(codes, start + dash, columns);
    if (next === -1 || !readFrom(codes, next, columns)) continue;
    columns.task = nameAt(lines, start, start + dash);
    return line.slice(0, dash).trimStart().length <= TASK_WIDTH;
  }
  return false;
}

/** Reads the ids behind the dash, and returns where the next column begins; -1 if there are none. */
function readThread(codes: Uint8Array, dash: number, columns: Columns): number {
  let at = dash + 1;
  let code = codes[at] ?? NEWLINE;
  let pid = 0;
  while (code >= DIGIT_0 && code <= DIGIT_9) {
    pid = pid * 10 + code - DIGIT_0;
    code = codes[++at] ?? NEWLINE;
  }
  if (at === dash + 1 || at - dash > 11 || code !== SPACE) return -1;
  while (code === SPACE) code = codes[++at] ?? NEWLINE;
  columns.pid = pid;

  // Option record-tgid: `(    227)`, or dashes where the kernel forgot the thread group.
  let tgid = 0;
  if (code === LEFT_PARENTHESIS) {
    const tgidStart = at;
    while (code !== RIGHT_PARENTHESIS) {
      code = codes[++at] ?? NEWLINE;
      if (code >= DIGIT_0 && code <= DIGIT_9) tgid = tgid * 10 + code - DIGIT_0;
      if (code === NEWLINE || at - tgidStart > 12) return -1;
    }
    code = codes[++at] ?? NEWLINE;
    while (code === SPACE) code = codes[++at] ?? NEWLINE;
  }
  columns.tgid = tgid;
  return at;
}

/** The double next to a number of many digits: rounded once, not at each of them. */
function nearest(codes: Uint8Array, start: number, end: number): number {
  return Number(String.fromCharCode(...codes.subarray(start, end)));
}

/** Reads the columns behind the ids. */
function readFrom(codes: Uint8Array, start: number, columns: Columns): boolean {
  let at = start;
  let code = codes[at] ?? NEWLINE;

  if (code !== LEFT_BRACKET) return false;
  code = codes[++at] ?? NEWLINE;
  let cpu = 0;
  const cpuStart = at;
  while (code >= DIGIT_0 && code <= DIGIT_9) {
    cpu = cpu * 10 + code - DIGIT_0;
    code = codes[++at] ?? NEWLINE;
  }
  if (at === cpuStart || at - cpuStart > 5 || code !== RIGHT_BRACKET) return false;
  code = codes[++at] ?? NEWLINE;
  // trace-cmd report leaves no blank before a count of 14 digits, as boot and x86-tsc have it.
  if (code !== SPACE && (code < DIGIT_0 || code > DIGIT_9)) return false;
  while (code === SPACE) code = codes[++at] ?? NEWLINE;

  // `d....` where it is printed; it never begins with a digit, the time always does.
  let latencyColumns = 0;
  let interrupt = 0;
  if (code < DIGIT_0 || code > DIGIT_9) {
    const flagsStart = at;
    while (code !== SPACE) {
      code = codes[++at] ?? NEWLINE;
      if (code === NEWLINE || at - flagsStart > 8) return false;
    }
    latencyColumns = at - flagsStart;
    if (latencyColumns < 4) return false;
    interrupt = codes[flagsStart + 2] ?? 0;
    while (code === SPACE) code = codes[++at] ?? NEWLINE;
  }

  let time = 0;
  const timeStart = at;
  while (code >= DIGIT_0 && code <= DIGIT_9) {
    time = time * 10 + code - DIGIT_0;
    code = codes[++at] ?? NEWLINE;
  }
  if (at === timeStart || at - timeStart > 20) return false;
  if (at - timeStart > EXACT_DIGITS) time = nearest(codes, timeStart, at);
  const seconds = code === POINT;
  if (seconds) {
    let fraction = 0;
    code = codes[++at] ?? NEWLINE;
    const fractionStart = at;
    while (code >= DIGIT_0 && code <= DIGIT_9) {
      fraction = fraction * 10 + code - DIGIT_0;
      code = codes[++at] ?? NEWLINE;
    }
    const scale = NANOSECONDS[at - fractionStart];
    if (at === fractionStart || scale === undefined) return false;
    time = time * 1e9 + fraction * scale;
  }
  if (code !== COLON) return false;
  code = codes[++at] ?? NEWLINE;
  if (code === SPACE) code = codes[++at] ?? NEWLINE;

  // trace-cmd report --ts-diff: ` (+12)   ` behind the time, and blanks where there is no difference.
  if (code === SPACE) {
    while (codes[at] === SPACE) at++;
  } else if (code === LEFT_PARENTHESIS && codes[at + 1] === PLUS) {
    while (code !== RIGHT_PARENTHESIS) {
      code = codes[++at] ?? NEWLINE;
      if (code === NEWLINE) return false;
    }
    at++;
    while (codes[at] === SPACE) at++;
  }

  columns.cpu = cpu;
  columns.latencyColumns = latencyColumns;
  columns.interrupt = interrupt;
  columns.time = time;
  columns.seconds = seconds;
  columns.event = at;
  return true;
}
