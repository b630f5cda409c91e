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
  /\]\s.*?(\d+\.\d+): (?:tracing_mark_write: (\{.*\})|dax_flush: .*addr=0x([0-9a-f]+) size=(\d+))\s*$/;

/** A task at the start of a line: name and number. */
const task = /^\s*(.+-\d+)\s/;

/**
 * The bytes that may be lost at the marker of the cut. A flush that comes after a store has begun
 * counts for it: that is right unless it overtook the store, and then a loss goes unseen, and nothing
 * is called lost that is not.
 */
export function unflushedBytes(trace: string): readonly StoredByte[] {
  const flushes: { readonly at: number; readonly end: number }[] = [];
  const begun = new Map<string, number>();
  const stored = new Map<number, StoredByte & { readonly since: number }>();
  const isFlushedSince = (address: number, since: number): boolean =>
    flushes.slice(since).some(({ at, end }) => at <= address && address < end);
  for (const text of trace.split("\n")) {
    const [, , marker, at, size] = line.exec(text) ?? [];
    if (at !== undefined) {
      const from = Number(BigInt(`0x${at}`) % mapping);
      flushes.push({ at: from, end: from + Number(size) });
      continue;
    }
    if (marker === undefined) continue;
    const said: StoreMarker | { readonly kind: "cut" } = JSON.parse(marker);
    const [, who = ""] = task.exec(text) ?? [];
    if (said.kind === "cut") break;
    if (said.kind === "storing") begun.set(who, flushes.length);
    else {
      const { address, was, is } = said;
      const before = stored.get(address);
      const isOpen = before !== undefined && !isFlushedSince(address, before.since);
      stored.set(address, {
        ...{ address, is },
        was: isOpen ? before.was : was,
        since: begun.get(who) ?? flushes.length,
      });
    }
  }
  return [...stored.values()].filter(({ address, since }) => !isFlushedSince(address, since))
    .map(({ address, was, is }) => ({ address, was, is }));
}
