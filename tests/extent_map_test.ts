/**
 * Which bytes of which file lie on a sector.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  bytesAt,
  createExtentMap,
  sectorSize,
  setExtent,
} from "../model/check/page_cache/extent_map.ts";

const device = 150;

/** What a line of a recording tells: bytes of a file, in sectors, and where they lie. */
const told = fc.record({
  file: fc.constantFrom("a", "b"),
  from: fc.nat({ max: device }),
  count: fc.constantFrom(1, 1, 1, 2, 30),
  sector: fc.nat({ max: device }),
});

Deno.test("a sector has the bytes that the last line said of it, and a byte one sector", () => {
  const property = fc.property(fc.array(told, { maxLength: 400, size: "max" }), (lines) => {
    const map = createExtentMap();
    const bySector = new Map<number, string>();
    for (const { file, from, count, sector } of lines) {
      const bytes = Array.from({ length: count }, (_, at) => `${file} ${from + at}`);
      for (const [at, byte] of bySector) if (bytes.includes(byte)) bySector.delete(at);
      bytes.forEach((byte, at) => bySector.set(sector + at, byte));
      const [begin, end] = [from * sectorSize, (from + count) * sectorSize];
      setExtent(map, { file, from: begin, to: end, sector });
    }
    for (let at = 0; at < device + 30; at++) {
      const found = bytesAt(map, at, at + 1).map((each) =>
        `${each.file} ${each.from / sectorSize}`
      );
      const byte = bySector.get(at);
      assertEquals(found, byte === undefined ? [] : [byte]);
    }
  });
  fc.assert(property, { numRuns: 100, seed: 20261129 });
});
