/**
 * kprobe, kretprobe and fprobe lines: `(func+0x0/0x440) a=0x1` and `(caller+0x8/0x90 <- func) ret=0`.
 *
 * The kernel's text names the probed function (`print_kprobe_event`, `print_kretprobe_event` in
 * kernel/trace/trace_kprobe.c); `trace-cmd report` prints bare addresses, and of a return probe the
 * function first, `(ffffffff8122ab10 <- ffffffffc019a88f)`, since the event's own format does so.
 *
 * @module
 */

/** What a probe line says behind its name. */
interface Probe {
  /**
   * The probed function without module or compiler suffix. A probe that is not at the function's
   * entry keeps its offset, `pfn_mkclean_range+0x80`; where the text has only an address, that with
   * 0x: neither is mistaken for the entry of a named function.
   */
  readonly function: string;
  readonly returns: boolean;
  readonly args: Readonly<Record<string, string>>;
}

/** Bytes of an `endbr64` or `bti` and a patchable nop, behind which a probe still is at the entry. */
const ENTRY_BYTES = 8;

const SITE = /^([\w.$]+)(?:\+0x([0-9a-f]+)\/0x[0-9a-f]+)?(?: \[[\w-]+\])?(?: <[0-9a-f]+>)?$/;
const ADDRESS = /^(?:0x)?([0-9a-f]{8}|[0-9a-f]{16})$/;
const USER_ADDRESS = /^0x[0-9a-f]+$/;
const COMPILER_SUFFIX = /\.(?:constprop|isra|part|llvm)\.\d+/g;
const ARGUMENT = / (\w+)=("[^]*?"(?= \w+=|$)|\{[^]*?\}(?= |$)|\S*)/y;

/**
 * Reads the text behind `name: `. Undefined if it is no probe's; "unreadable" if it begins as one and
 * goes on otherwise: a parenthesis or an argument that does not end.
 */
export function readProbe(body: string): Probe | "unreadable" | undefined {
  if (!body.startsWith("(")) return undefined;
  const close = body.indexOf(")");
  if (close === -1) return "unreadable";
  const [left = "", right, ...more] = body.slice(1, close).split(" <- ");
  if (more.length > 0) return undefined;
  const probed = right === undefined ? entryOf(left) : returnOf(left, right);
  if (probed === undefined) return undefined;
  const args = readArguments(body.slice(close + 1));
  if (args === undefined) return "unreadable";
  return { function: probed, returns: right !== undefined, args };
}

function entryOf(site: string): string | undefined {
  const address = addressOf(site);
  if (address !== undefined) return address;
  const [, symbol, offset] = SITE.exec(site) ?? [];
  // `(group.event)` without an offset is an event probe: it sits on a tracepoint, not in a function.
  if (symbol === undefined || offset === undefined) return undefined;
  const name = symbol.replace(COMPILER_SUFFIX, "");
  return parseInt(offset, 16) <= ENTRY_BYTES ? name : `${name}+0x${offset}`;
}

function returnOf(left: string, right: string): string | undefined {
  if (ADDRESS.test(left) && ADDRESS.test(right) && !left.startsWith("0x")) return addressOf(left);
  const address = addressOf(right);
  if (address !== undefined) return address;
  const [, symbol] = SITE.exec(right) ?? [];
  return symbol?.replace(COMPILER_SUFFIX, "");
}

/** `0x4006c5` of a user probe, or a kernel address that the text has no symbol for, always with 0x. */
function addressOf(site: string): string | undefined {
  if (USER_ADDRESS.test(site)) return site;
  return ADDRESS.test(site) ? `0x${site}` : undefined;
}

function readArguments(text: string): Record<string, string> | undefined {
  const args: Record<string, string> = {};
  const end = text.trimEnd().length;
  ARGUMENT.lastIndex = 0;
  while (ARGUMENT.lastIndex < end) {
    const [, name, value] = ARGUMENT.exec(text) ?? [];
    if (name === undefined || value === undefined) return undefined;
    args[name] = value;
  }
  return args;
}
