/**
 * Arguments and results of system calls, as the kernel's text and `trace-cmd report` print them.
 *
 * Older kernels print `sys_fsync(fd: 3)` with every value in bare hexadecimal; since September 2025 a
 * value below ten is a bare digit and any other has 0x (`print_syscall_enter`,
 * kernel/trace/trace_syscalls.c). A bare digit below ten is the same number in both bases, so every
 * value is read as hexadecimal, and only a bare value of ten or more proves an older kernel.
 *
 * @module
 */

/** The arguments of one call. */
interface SyscallArguments {
  /**
   * Unsigned, as printed: an `fd` of -1 is 0xffffffff or 0xffffffffffffffff. Values beyond 2^53 are
   * rounded to the nearest double. An argument printed as names (`flags: O_RDWR`) is left out.
   */
  readonly args: Readonly<Record<string, number>>;
  /** True if a value of ten or more was printed in hexadecimal without 0x. */
  readonly bareHexadecimal: boolean;
}

const SPACE = 0x20, STAR = 0x2a, COMMA = 0x2c, ZERO = 0x30, NINE = 0x39, UNDERSCORE = 0x5f;
const LOWER_A = 0x61, LOWER_F = 0x66, LOWER_X = 0x78;
/** Hexadecimal digits of which every number is exact. */
const EXACT = 13;
/** Arguments whose names are remembered: no call has more than six. */
const mostNames = 6;
const NEXT_ARGUMENT = /, [a-z_]\w*: /g;

/**
 * Reads `fd: 3, buf: 7f6a00bb6010, count: 100000`, the text between the parentheses or behind the
 * name of `sys_enter_*`; undefined if it is no list of arguments. User memory that newer kernels
 * print behind a pointer, `(00:61, ...) ".a"...` or `"/etc/passwd"`, is skipped.
 *
 * `names` are those of the same call's last line, and become those of this one: a line mostly has the
 * same, and to compare them is quicker than to cut them out.
 */
export function readSyscallArguments(
  text: string,
  names: string[] = [],
): SyscallArguments | undefined {
  const args: Record<string, number> = {};
  let bareHexadecimal = false;
  let index = 0;
  // The newest kernels print the flags of openat, alone, by name, and its other values in decimal.
  const symbolic = text.includes(": O_");
  let at = 0;
  while (at < text.length) {
    let name = names[index] ?? "";
    let colon = at + name.length;
    if (name === "" || !text.startsWith(name, at) || !text.startsWith(": ", colon)) {
      colon = text.indexOf(": ", at);
      if (colon === -1) return undefined;
      // With the option `verbose` the type stands before the name: `unsigned int fd: 3`.
      name = text.slice(text.lastIndexOf(" ", colon) + 1, colon);
      if (!isName(name)) return undefined;
      // A copy: what `slice` gives may keep all of its text in memory.
      if (index < mostNames) names[index] = [...name].join("");
    }
    index++;
    const from = colon + 2;
    const prefixed = text.charCodeAt(from) === ZERO && text.charCodeAt(from + 1) === LOWER_X;
    const first = prefixed ? from + 2 : from;
    let end = first;
    let value = 0;
    let code = text.charCodeAt(end);
    for (let digit = digitOf(code); digit !== -1; digit = digitOf(code)) {
      value = value * 16 + digit;
      code = text.charCodeAt(++end);
    }
    if (end === first || (end < text.length && code !== COMMA && code !== SPACE)) {
      at = nextArgument(text, from);
      continue;
    }
    const length = end - first;
    if (symbolic && !prefixed) {
      const digits = text.slice(first, end);
      args[name] = digits.startsWith("0") ? parseInt(digits, 8) : Number(digits);
    } else {
      args[name] = length <= EXACT ? value : parseInt(text.slice(first, end), 16);
      if (!prefixed && (length > 1 || value > 9)) bareHexadecimal = true;
    }
    at = code === SPACE ? skipUserMemory(text, end) : end;
    if (at === text.length) break;
    at = text.startsWith(", ", at) ? at + 2 : nextArgument(text, at);
  }
  return { args, bareHexadecimal };
}

/**
 * The signed result of `0xffffffffffffffea`: -22; undefined if the text is not one number in
 * hexadecimal. 0xfffff001 to 0xffffffff are what a 32-bit kernel prints for -4095 to -1.
 */
export function readSyscallResult(text: string): number | undefined {
  const start = text.charCodeAt(0) === ZERO && text.charCodeAt(1) === LOWER_X ? 2 : 0;
  const length = text.length - start;
  if (length < 1 || length > 16) return undefined;
  let value = 0;
  for (let at = start; at < text.length; at++) {
    const digit = digitOf(text.charCodeAt(at));
    if (digit === -1) return undefined;
    value = value * 16 + digit;
  }
  if (length > EXACT) return Number(BigInt.asIntN(64, BigInt(`0x${text.slice(start)}`)));
  return value >= 0xfffff001 && value <= 0xffffffff ? value - 0x1_0000_0000 : value;
}

/** The position behind `(00:61, ...) ".a"...` at `at`, or `at` if no user memory is printed there. */
function skipUserMemory(text: string, at: number): number {
  let bytes: number | undefined;
  if (text.startsWith(" (", at)) {
    const close = text.indexOf(")", at);
    if (close === -1) return at;
    bytes = text.slice(at + 2, close).match(/[0-9a-f]{2}/g)?.length ?? 0;
    at = close + 1;
  }
  if (!text.startsWith(' "', at)) return at;
  // An array shows exactly as many characters as bytes; of a string only its end tells the length.
  const close = bytes === undefined ? endOfString(text, at + 2) : at + 2 + bytes;
  if (text[close] !== '"') return at;
  return text.startsWith("...", close + 1) ? close + 4 : close + 1;
}

/** The quote at or after `at` behind which the list goes on or ends: a file name may hold quotes. */
function endOfString(text: string, at: number): number {
  let quote = text.indexOf('"', at);
  while (
    quote !== -1 && quote + 1 < text.length &&
    !/^, [a-z_]\w*: /.test(text.slice(quote + 1, quote + 40))
  ) {
    quote = text.indexOf('"', quote + 1);
  }
  return quote;
}

function nextArgument(text: string, at: number): number {
  NEXT_ARGUMENT.lastIndex = at;
  const next = NEXT_ARGUMENT.exec(text);
  return next === null ? text.length : next.index + 2;
}

/** True for `*name` and `name`. */
function isName(text: string): boolean {
  const start = text.charCodeAt(0) === STAR ? 1 : 0;
  if (text.length === start || isDigit(text.charCodeAt(start))) return false;
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const letter = code | 0x20;
    if ((letter < LOWER_A || letter > 0x7a) && code !== UNDERSCORE && !isDigit(code)) return false;
  }
  return true;
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}

/** The value of a hexadecimal digit in lower case; -1 if it is none. */
function digitOf(code: number): number {
  if (isDigit(code)) return code - ZERO;
  return code >= LOWER_A && code <= LOWER_F ? code - LOWER_A + 10 : -1;
}
