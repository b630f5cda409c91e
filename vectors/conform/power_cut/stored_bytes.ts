/**
 * Which stores through mappings have not left the CPU's cache when power fails, by a trace of
 * `dax_flush()` with a marker around each store.
 *
 * Source: fs/dax.c, dax_writeback_one(); drivers/dax/super.c, dax_flush().
 *
 * @module
 */

/** A byte that may be lost: where it is in memory, and what was durable there. */
export interface StoredByte {
  readonly address: number;
  readonly was: number;
  readonly is: number;
}

/** Bytes that a CPU's cache writes back as one. */
export const lineBytes = 64;

/** The kernel's mapping of all memory begins at a multiple of this, where nothing moves it. */
const mapping = 1n << 39n;

/** What a process says before a store, and after it. */
export type StoreMarker =
  | { readonly kind: "storing" }
  | ({ readonly kind: "stored" } & StoredByte);

/** Everything that a trace says, in its order. */
const line =
  /\]\s.*?(\d+\.\d+): (?:tracing_mark_write: (\{.*\})|dax_flush: .*addr=0x([0-9a-f]+) size=(\d+)|(dax_flushed): .*)\s*$/;

/** A task at the start of a line: name and number. */
const task = /^\s*(.+-\d+)\s/;

/** A call of `dax_flush()`; it is over when it returns, or when its task is seen to do something else. */
interface Flush {
  readonly at: number;
  readonly end: number;
  over: boolean;
}

/** A store, and how many flushes had begun when it did. */
interface Store extends StoredByte {
  readonly since: number;
}

/**
 * The bytes that may be lost at the marker of the cut. A flush that begins after a store has begun, and
 * is over at the cut, counts for it: that is right unless it overtook the store, and then a loss goes
 * unseen, and nothing is called lost that is not.
 */
export function unflushedBytes(trace: string): readonly StoredByte[] {
  const { flushes, stores } = readTrace(trace);
  const isFlushed = ({ address, since }: Store): boolean =>
    flushes.slice(since).some(({ at, end, over }) => over && at <= address && address < end);
  return [...Map.groupBy(stores, ({ address }) => address).values()].flatMap((all) => {
    const lost = all.slice(all.findLastIndex(isFlushed) + 1);
    const [first, last] = [lost[0], lost.at(-1)];
    if (first === undefined || last === undefined) return [];
    return [{ address: last.address, was: first.was, is: last.is }];
  });
}

/** What was flushed and stored before the cut. */
function readTrace(trace: string) {
  const flushes: Flush[] = [];
  const stores: Store[] = [];
  const begun = new Map<string, number>();
  const under = new Map<string, Flush>();
  for (const text of trace.split("\n")) {
    const [matched, , marker, at, size, returned] = line.exec(text) ?? [];
    if (matched === undefined) continue;
    const [, who = ""] = task.exec(text) ?? [];
    const before = under.get(who);
    if (before !== undefined) before.over = true;
    under.delete(who);
    if (returned !== undefined) continue;
    if (at !== undefined) {
      const from = Number(BigInt(`0x${at}`) % mapping);
      const flush = { at: from, end: from + Number(size), over: false };
      under.set(who, flush);
      flushes.push(flush);
      continue;
    }
    const said: StoreMarker | { readonly kind: "cut" } = JSON.parse(marker ?? "");
    if (said.kind === "cut") break;
    if (said.kind === "storing") begun.set(who, flushes.length);
    else {
      const { address, was, is } = said;
      stores.push({ address, was, is, since: begun.get(who) ?? flushes.length });
    }
  }
  return { flushes, stores };
}
