/**
 * What a recording says of itself in comments before its first event: what the kernel's text lacks.
 *
 * ```text
 * # pagespec: kernel: 6.12.107
 * # pagespec: mount: 254:16 /mnt ext4 rw,relatime
 * ```
 *
 * @module
 */

/** What was true of the machine when a trace was recorded. */
export interface RecordingFacts {
  /** Version of the kernel. */
  readonly kernel?: string;
  /** The function that the kernel was made to leave out; absent if it runs as it was built. */
  readonly skips?: string;
  /** Device, mount point, file system and options. */
  readonly mount?: string;
  /** Bytes of a block of the file system, where its lines count in blocks. */
  readonly blockSize?: number;
  /** `write back` or `write through`: whether the device has a volatile cache. */
  readonly writeCache?: string;
  /** Whether pages under writeback must not change. */
  readonly stableWrites?: boolean;
  /** Name of the trace clock. */
  readonly clock?: string;
  /** Tracepoints that were on. */
  readonly events?: readonly string[];
  /** Probes that were on. */
  readonly probes?: readonly string[];
  /** What was wanted and could not be switched on. */
  readonly missing?: readonly string[];
  /**
   * Hits of kprobes that were not recorded, by kprobe_profile: an interrupt that comes while one is at
   * work is not seen by another.
   */
  readonly missed?: number;
}

const PREFIX = "# pagespec: ";
/** Digits of a number that is written when the recording is over, into the room that was left for it. */
const digits = 12;

/** The comment on hits that were missed: always of one length. */
export function missedLine(missed: number): string {
  return `${PREFIX}missed: ${String(missed).padStart(digits, "0")}`;
}

/** The comments, one fact a line. */
export function headerLines(facts: RecordingFacts): readonly string[] {
  const { kernel, skips, mount, blockSize, writeCache, stableWrites } = facts;
  const { clock, events, probes, missing } = facts;
  const line = (key: string, value: string | undefined): readonly string[] =>
    value === undefined ? [] : [`${PREFIX}${key}: ${value.replace(/\s+/g, " ")}`];
  return [
    ...line("kernel", kernel),
    ...line("skips", skips),
    ...line("mount", mount),
    ...line("block_size", blockSize?.toString()),
    ...line("write_cache", writeCache),
    ...line("stable_writes", stableWrites === undefined ? undefined : stableWrites ? "1" : "0"),
    ...line("clock", clock),
    ...(events ?? []).flatMap((each) => line("event", each)),
    ...(probes ?? []).flatMap((each) => line("probe", each)),
    ...(missing ?? []).flatMap((each) => line("missing", each)),
  ];
}

/** Reads the facts off the comments of a text; lines that are none of them are passed over. */
export function readHeaderLines(lines: Iterable<string>): RecordingFacts {
  const one = new Map<string, string>();
  const many: Record<"event" | "probe" | "missing", string[]> = {
    event: [],
    probe: [],
    missing: [],
  };
  for (const line of lines) {
    const [, key, value] = /^# pagespec: (\w+): (.*)$/.exec(line) ?? [];
    if (key === undefined || value === undefined) continue;
    if (key === "event" || key === "probe" || key === "missing") many[key].push(value);
    else one.set(key, value);
  }
  const told = <Key extends string>(key: Key, value: string | undefined) =>
    value === undefined ? {} : { [key]: value };
  const stable = one.get("stable_writes");
  const blockSize = /^\d+$/.exec(one.get("block_size") ?? "")?.[0];
  const missed = /^\d+$/.exec(one.get("missed") ?? "")?.[0];
  return {
    ...(missed === undefined ? {} : { missed: Number(missed) }),
    ...told("kernel", one.get("kernel")),
    ...told("skips", one.get("skips")),
    ...told("mount", one.get("mount")),
    ...(blockSize === undefined ? {} : { blockSize: Number(blockSize) }),
    ...told("writeCache", one.get("write_cache")),
    ...told("clock", one.get("clock")),
    ...(stable === undefined ? {} : { stableWrites: stable === "1" }),
    ...(many.event.length > 0 ? { events: many.event } : {}),
    ...(many.probe.length > 0 ? { probes: many.probe } : {}),
    ...(many.missing.length > 0 ? { missing: many.missing } : {}),
  };
}
