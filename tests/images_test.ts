import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { imagesOf } from "../vectors/conform/power_cut/images.ts";
import { DevicePages } from "../vectors/conform/power_cut/store.ts";
import type { Recorded } from "../vectors/conform/power_cut/store_command.ts";

const sector = 4096;
const most = 10_000;

/** Small writes over a few sectors; each flush covers all that came before it, or leaves some out. */
const recordings: fc.Arbitrary<Recorded> = fc.array(
  fc.record({ at: fc.nat(3), sectors: fc.integer({ min: 1, max: 2 }), late: fc.nat(4) }),
  { maxLength: 5 },
).chain((writes) =>
  fc.record({ cut: fc.nat(2), more: fc.nat(2) }).map(({ cut, more }) => {
    const flushes = cut + more;
    const logged = writes.map(({ at, sectors, late }, number) => {
      const after = Math.min(flushes, Math.floor(number * (flushes + 1) / writes.length));
      const flush = after + 1 + (late === 0 ? 1 : 0);
      return {
        ...{ offset: at * sector, length: sectors * sector, after },
        flush: flush > flushes ? 0 : flush,
      };
    });
    const before = logged.filter((each) => each.after <= cut).length;
    return { writes: logged, flushes, cut: { writes: before, flushes: cut } };
  })
);

Deno.test("an image has all that completed flushes cover, and nothing that came later", () => {
  fc.assert(fc.property(recordings, fc.nat(), (recorded, seed) => {
    const { writes, cut } = recorded;
    for (const image of imagesOf(recorded, { most, seed, sector }).chosen) {
      const sectors = new Map(image);
      // The earliest moment in which the last of its writes can have come.
      const latest = Math.max(cut.flushes, ...image.map(([write]) => writes[write]?.after ?? 0));
      writes.forEach(({ flush, length }, write) => {
        if (flush > 0 && flush <= latest) assertEquals(sectors.get(write), length);
      });
      for (const [write, bytes] of image) {
        assert(bytes > 0 && bytes <= (writes[write]?.length ?? 0) && bytes % sector === 0);
      }
    }
  }));
});

Deno.test("no image is chosen twice, and where there are few, all are", () => {
  fc.assert(fc.property(recordings, fc.nat(), (recorded, seed) => {
    const { chosen, possible } = imagesOf(recorded, { most, seed, sector });
    assertEquals(new Set(chosen.map(String)).size, chosen.length);
    assert(BigInt(chosen.length) <= possible);
    if (possible <= 200n) assertEquals(BigInt(chosen.length), possible);
  }));
});

Deno.test("the corners come first: nothing of what no flush covers, and all of it", () => {
  const write = { offset: 0, length: sector, after: 0, flush: 0 };
  const recorded: Recorded = {
    writes: [write, { ...write, offset: sector }, { ...write, offset: 2 * sector }],
    flushes: 0,
    cut: { writes: 3, flushes: 0 },
  };
  const { chosen, possible } = imagesOf(recorded, { most: 4, seed: 1, sector });
  const whole = [0, 1, 2].map((each) => [each, sector] as const);
  assertEquals(chosen, [[], whole, whole.slice(0, 1), whole.slice(0, 2)]);
  assertEquals(possible, 8n);
});

const anyWrite = fc.record({
  offset: fc.nat(9000),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 5000 }),
});

Deno.test("a device that shows every write of its log reads as one that has had them all", () => {
  fc.assert(fc.property(fc.array(anyWrite, { maxLength: 6 }), (writes) => {
    const plain = new Uint8Array(16_384).fill(7);
    const store = new DevicePages((_, target) => void target.fill(7));
    store.record();
    for (const { offset, bytes } of writes) {
      plain.set(bytes, offset);
      store.write(offset, bytes);
    }
    const read = new Uint8Array(plain.length);
    store.read(0, read);
    assertEquals(read, plain);
    store.show([]);
    store.read(0, read);
    assert(read.every((each) => each === 7));
    store.show(store.log.map(({ bytes }, write) => [write, bytes.length]));
    store.write(0, new Uint8Array(1));
    plain[0] = 0;
    store.read(0, read);
    assertEquals(read, plain);
  }));
});
