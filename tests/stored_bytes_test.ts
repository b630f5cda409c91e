/**
 * Which stores a power failure may take, by what a trace says.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { changedBlocks } from "../vectors/conform/power_cut/changed_blocks.ts";
import { type StoreMarker, unflushedBytes } from "../vectors/conform/power_cut/stored_bytes.ts";

const start = 0x4000_0000;

/** A line of a trace. */
function said(marker: StoreMarker | { readonly kind: "cut" }, task = "deno-165"): string {
  return ` ${task}     [001] .....    20.5: tracing_mark_write: ${JSON.stringify(marker)}`;
}

/** The line of a flush that begins. */
function flushes(from: number, size: number): string {
  const address = (0xffff_8880_0000_0000n + BigInt(start + from)).toString(16);
  return ` fs-9 [000] d....  20.6: dax_flush: (dax_flush+0x4/0x30) addr=0x${address} size=${size}`;
}

/** The line of a flush that returns. */
const returns = " fs-9 [000] d....  20.7: dax_flushed: (dax_writeback_one+0x9/0x30 <- dax_flush)";

function flushed(from: number, size: number): string {
  return `${flushes(from, size)}\n${returns}`;
}

function stored(at: number, was: number, is: number, task?: string): readonly string[] {
  const marker = { kind: "stored", address: start + at, was, is } as const;
  return [said({ kind: "storing" }, task), said(marker, task)];
}

/** What may be lost, by its offset. */
function lostIn(...lines: readonly (string | readonly string[])[]) {
  return unflushedBytes(lines.flat().join("\n"))
    .map(({ address, was, is }) => [address - start, was, is]);
}

Deno.test("a byte may be lost when no flush of it came after its last store: by a replay of the trace", () => {
  const step = fc.oneof(
    fc.record({ at: fc.nat(3), is: fc.integer({ min: 1, max: 9 }) }),
    fc.record({ from: fc.nat(3), size: fc.integer({ min: 1, max: 4 }) }),
  );
  fc.assert(fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
    const [cache, media] = [[0, 0, 0, 0], [0, 0, 0, 0]];
    const lines = steps.flatMap((each) => {
      if ("at" in each) {
        const was = cache[each.at] ?? 0;
        cache[each.at] = each.is;
        return stored(each.at, was, each.is);
      }
      const { from, size } = each;
      for (let at = from; at < from + size && at < 4; at++) media[at] = cache[at] ?? 0;
      return [flushed(from, size)];
    });
    const lost = new Map(lostIn(lines).map(([at, was]) => [at, was]));
    // Of what was stored, the bytes that no flush covers go back to what the media has.
    for (const at of cache.keys()) assertEquals(lost.get(at) ?? cache[at], media[at]);
  }));
});

Deno.test("a flush that is not over when power fails saves nothing", () => {
  const cut = said({ kind: "cut" });
  const flush = flushes(0, 64);
  assertEquals(lostIn(stored(7, 1, 2), flush, cut, returns), [[7, 1, 2]]);
  assertEquals(lostIn(stored(7, 1, 2), flush, returns, cut), []);
  // Its return went unseen: the task does something else, so it is over.
  assertEquals(lostIn(stored(7, 1, 2), flush, flushes(64, 64), cut), []);
});

Deno.test("a flush that comes between a store and its marker counts for it", () => {
  const [storing = "", done = ""] = stored(7, 1, 2);
  assertEquals(lostIn(storing, flushed(0, 64), done), []);
  assertEquals(lostIn(flushed(0, 64), storing, done), [[7, 1, 2]]);
});

Deno.test("a store is matched with the beginning of its own task", () => {
  const [storing = "", done = ""] = stored(7, 1, 2, "deno-165");
  const [other = "", otherDone = ""] = stored(9, 1, 3, "a b-2-166");
  assertEquals(lostIn(storing, flushed(0, 64), other, done, otherDone), [[9, 1, 3]]);
});

Deno.test("what comes after the cut is of no matter", () => {
  const cut = said({ kind: "cut" });
  assertEquals(lostIn(stored(7, 1, 2), cut, flushed(0, 64), stored(8, 0, 4)), [[7, 1, 2]]);
});

/** The trace of a mounted file system, with a header that counts its lines. */
function traceOf(lines: readonly string[], lost = 0): string {
  const header = `# entries-in-buffer/entries-written: ${lines.length}/${
    lines.length + lost
  }   #P:2`;
  return ["# tracer: nop", header, ...lines].join("\n");
}

function submitted(how: string, from: number, sectors: number, device = "259,0"): string {
  return ` jbd2-9 [000] ..... 20.6: block_bio_queue: ${device} ${how} ${from} + ${sectors} [jbd2-9]`;
}

Deno.test("the blocks that change are those that bios write to this device, whole or in part", () => {
  const bio = fc.record({
    how: fc.constantFrom("W", "WS", "FWFSM", "R", "RA"),
    from: fc.nat(40),
    sectors: fc.nat(20),
    device: fc.constantFrom("259,0", "254,0"),
  });
  fc.assert(fc.property(fc.array(bio, { maxLength: 6 }), (bios) => {
    const lines = bios.map(({ how, from, sectors, device }) =>
      submitted(how, from, sectors, device)
    );
    const expected = new Set(
      bios.flatMap(({ how, from, sectors, device }) =>
        how.startsWith("R") || device !== "259,0"
          ? []
          : Array.from({ length: sectors }, (_, at) => Math.floor((from + at) / 8))
      ),
    );
    assertEquals(changedBlocks(traceOf(lines), "259,0"), expected);
  }));
});

Deno.test("nobody can say which blocks change where events are lost, or what is written goes past bios", () => {
  const bio = submitted("W", 0, 8);
  assertEquals(changedBlocks(traceOf([bio]), "259,0"), new Set([0]));
  assertEquals(changedBlocks(traceOf([bio], 1), "259,0"), undefined);
  assertEquals(changedBlocks(bio, "259,0"), undefined);
  const probed = (name: string): string => ` mount-9 [000] ..... 20.6: ${name}: (dax+0x4/0x30)`;
  for (const line of [probed("pagespec_zero"), probed("pagespec_copy"), flushes(0, 64)]) {
    assertEquals(changedBlocks(traceOf([bio, line]), "259,0"), undefined);
  }
  assertEquals(changedBlocks(traceOf([bio, ...stored(0, 1, 2)]), "259,0"), undefined);
});
