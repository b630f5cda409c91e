/**
 * Writes a trace.dat as trace-cmd does, with few events: what a test cuts and bends.
 *
 * @module
 */
import { deflateSync, zstdCompressSync } from "node:zlib";

/** One event of a CPU: nanoseconds since the one before it, and its bytes. */
interface WrittenEvent {
  readonly delta: number;
  readonly data: Uint8Array;
}

/** One CPU's ring buffer: pages of events, each with the time of its first. */
export interface WrittenPage {
  readonly time: number;
  readonly events: readonly WrittenEvent[];
  /** Events that were lost before it. */
  readonly missed?: number;
}

/** What stands in the file. */
export interface TraceDatContent {
  readonly version: 6 | 7;
  readonly compression: "none" | "zlib" | "zstd";
  readonly cpus: readonly (readonly WrittenPage[])[];
  /** More instances than the top one, each with these same pages. */
  readonly instances?: readonly string[];
  /** Texts of `stats`, in their order: what names the instance of those that follow is one of them. */
  readonly stats?: readonly string[];
}

const PAGE = 4096;
const encoder = new TextEncoder();
const utf8 = (text: string): Uint8Array => encoder.encode(text);

/** Numbers of the events. */
const EVENT = { print: 5, sync: 700, probe: 900 } as const;

const COMMON = `format:
	field:unsigned short common_type;	offset:0;	size:2;	signed:0;
	field:unsigned char common_flags;	offset:2;	size:1;	signed:0;
	field:unsigned char common_preempt_count;	offset:3;	size:1;	signed:0;
	field:int common_pid;	offset:4;	size:4;	signed:1;
`;
const PRINT = `name: print
ID: ${EVENT.print}
${COMMON}
	field:unsigned long ip;	offset:8;	size:8;	signed:0;
	field:char buf[];	offset:16;	size:0;	signed:0;

print fmt: "%ps: %s", (void *)REC->ip, REC->buf
`;
const SYNC = `name: ext4_sync_file_enter
ID: ${EVENT.sync}
${COMMON}
	field:dev_t dev;	offset:8;	size:4;	signed:0;
	field:ino_t ino;	offset:16;	size:8;	signed:0;
	field:ino_t parent;	offset:24;	size:8;	signed:0;
	field:int datasync;	offset:32;	size:4;	signed:1;

print fmt: "dev %d,%d ino %lu parent %lu datasync %d ", ((unsigned int) ((REC->dev) >> 20)), ((unsigned int) ((REC->dev) & ((1U << 20) - 1))), (unsigned long) REC->ino, (unsigned long) REC->parent, REC->datasync
`;
const PROBE = `name: mkclean
ID: ${EVENT.probe}
${COMMON}
	field:unsigned long __probe_ip;	offset:8;	size:8;	signed:0;
	field:u64 addr;	offset:16;	size:8;	signed:0;

print fmt: "(%lx) addr=0x%Lx", REC->__probe_ip, REC->addr
`;
const KALLSYMS = "ffffffff81000000 T follow_invalidate_pte\nffffffff81000100 T other\n";

/** Little-endian bytes of numbers and texts, one after the other. */
function bytesOf(
  ...parts: readonly (readonly [bytes: 1 | 2 | 4 | 8, value: number] | Uint8Array)[]
): Uint8Array<ArrayBuffer> {
  const all = parts.map((part) => {
    if (part instanceof Uint8Array) return part;
    const [size, value] = part;
    const bytes = new Uint8Array(size);
    const view = new DataView(bytes.buffer);
    if (size === 8) view.setBigUint64(0, BigInt(value), true);
    else if (size === 4) view.setUint32(0, value, true);
    else if (size === 2) view.setUint16(0, value, true);
    else view.setUint8(0, value);
    return bytes;
  });
  return joined(all);
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** `ext4_sync_file_enter` of inode `ino` on 8,1, by task 42. */
export function syncEvent(ino: number): Uint8Array {
  return bytesOf([2, EVENT.sync], [2, 0], [4, 42], [4, 8 << 20 | 1], [4, 0], [8, ino], [8, 2], [
    4,
    0,
  ]);
}

/** A marker, by task 42. */
export function markerEvent(text: string): Uint8Array {
  const length = 4 - (text.length + 1) % 4 + text.length + 1;
  const padded = new Uint8Array(length);
  padded.set(utf8(text));
  return bytesOf([2, EVENT.print], [2, 0], [4, 42], [8, 0], padded);
}

/** The probe on follow_invalidate_pte, at 4 bytes into the function. */
export function probeEvent(address: number): Uint8Array {
  return bytesOf([2, EVENT.probe], [2, 0], [4, 42], [4, 0x8100_0004], [4, 0xffff_ffff], [
    8,
    address,
  ]);
}

function page({ time, events, missed }: WrittenPage): Uint8Array {
  const data = joined(events.map(({ delta, data }) => {
    const stamp = delta < 2 ** 27
      ? new Uint8Array()
      : bytesOf([4, (delta % 2 ** 27) * 32 + 30], [4, Math.floor(delta / 2 ** 27)]);
    const rest = delta < 2 ** 27 ? delta : 0;
    const head = data.length <= 112
      ? bytesOf([4, rest * 32 + data.length / 4])
      : bytesOf([4, rest * 32], [4, data.length + 4]);
    return joined([stamp, head, data]);
  }));
  const whole = new Uint8Array(PAGE);
  const flags = missed === undefined ? 0 : 0xc000_0000;
  whole.set(bytesOf([8, time], [4, data.length + flags], [4, 0], data));
  if (missed !== undefined) whole.set(bytesOf([8, missed]), 16 + data.length);
  return whole;
}

const HEAD = (version: number): Uint8Array =>
  bytesOf(utf8("\x17\x08\x44tracing" + version + "\0"), [1, 0], [1, 8], [4, PAGE]);
const HEADER_INFO = bytesOf(utf8("header_page\0"), [8, 4], utf8("page"), utf8("header_event\0"), [
  8,
  5,
], utf8("event"));
const FTRACE = bytesOf([4, 1], [8, PRINT.length], utf8(PRINT));
const EVENTS = bytesOf(
  [4, 2],
  utf8("ext4\0"),
  [4, 1],
  [8, SYNC.length],
  utf8(SYNC),
  utf8("kprobes\0"),
  [4, 1],
  [8, PROBE.length],
  utf8(PROBE),
);
const TASKS = "42 fsx\n";
const UNAME = "Linux lab 6.12.107 x86_64\0";

/** The bytes of the file. */
export function traceDat(file: TraceDatContent): Uint8Array<ArrayBuffer> {
  return file.version === 6 ? version6(file) : version7(file);
}

function version6({ cpus }: TraceDatContent): Uint8Array<ArrayBuffer> {
  const data = cpus.map((pages) => joined(pages.map(page)));
  const before = bytesOf(
    HEAD(6),
    HEADER_INFO,
    FTRACE,
    EVENTS,
    [4, KALLSYMS.length],
    utf8(KALLSYMS),
    [4, 0],
    [8, TASKS.length],
    utf8(TASKS),
    [4, cpus.length],
    utf8("options  \0"),
    [2, 5],
    [4, UNAME.length],
    utf8(UNAME),
    [2, 0],
    utf8("flyrecord\0"),
  );
  let at = before.length + 16 * cpus.length;
  const places = data.map((each) => {
    const place = bytesOf([8, at], [8, each.length]);
    at += each.length;
    return place;
  });
  return joined([before, ...places, ...data]);
}

function version7(
  { compression, cpus, instances = [], stats = [] }: TraceDatContent,
): Uint8Array<ArrayBuffer> {
  const pack = (bytes: Uint8Array): Uint8Array =>
    compression === "none"
      ? bytes
      : compression === "zlib"
      ? deflateSync(bytes)
      : zstdCompressSync(bytes);
  const flag = compression === "none" ? 0 : 1;
  const section = (id: number, bytes: Uint8Array): Uint8Array => {
    const packed = pack(bytes);
    const body = flag === 0 ? packed : bytesOf([4, packed.length], [4, bytes.length], packed);
    return bytesOf([2, id], [2, flag], [4, 0], [8, body.length], body);
  };
  const head = bytesOf(HEAD(7), utf8(`${compression}\0` + "1\0"));
  const parts: Uint8Array[] = [];
  let at = head.length + 8;
  const put = (bytes: Uint8Array): number => {
    const place = at;
    parts.push(bytes);
    at += bytes.length;
    return place;
  };
  const option = (id: number, bytes: Uint8Array) => bytesOf([2, id], [4, bytes.length], bytes);
  const sections: readonly (readonly [number, Uint8Array])[] = [
    [16, HEADER_INFO],
    [17, FTRACE],
    [18, EVENTS],
    [19, bytesOf([4, KALLSYMS.length], utf8(KALLSYMS))],
    [21, bytesOf([8, TASKS.length], utf8(TASKS))],
  ];
  const options = sections.map(([id, bytes]) => option(id, bytesOf([8, put(section(id, bytes))])));
  for (const name of ["", ...instances]) {
    const header = put(bytesOf([2, 3], [2, flag], [4, 0], [8, 0]));
    const places = cpus.map((pages, cpu) => {
      const chunks = pages.map((each) => {
        const packed = pack(page(each));
        return flag === 0 ? packed : bytesOf([4, packed.length], [4, PAGE], packed);
      });
      const data = joined(flag === 0 ? chunks : [bytesOf([4, chunks.length]), ...chunks]);
      return bytesOf([4, cpu], [8, put(data)], [8, data.length]);
    });
    const buffer = bytesOf(
      [8, header],
      utf8(`${name}\0mono\0`),
      [4, PAGE],
      [4, cpus.length],
      ...places,
    );
    options.push(option(3, buffer));
  }
  const told = stats.map((text) => option(2, utf8(`${text}\0`)));
  const last = joined([option(5, utf8(UNAME)), ...told, ...options, option(0, bytesOf([8, 0]))]);
  const first = put(bytesOf([2, 0], [2, 0], [4, 0], [8, last.length], last));
  return joined([head, bytesOf([8, first]), ...parts]);
}
