/**
 * Sets whose members know their place are sets, and maps of few entries are maps.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { FewMap } from "../model/few_map.ts";
import { Roll } from "../model/check/roll.ts";

interface Numbered {
  readonly number: number;
  place: number;
}

class Numbers extends Roll<Numbered> {
  protected override placeOf({ place }: Numbered): number {
    return place;
  }

  protected override notePlace(member: Numbered, place: number): void {
    member.place = place;
  }
}

Deno.test("members come and leave as in a Set, and stay in the order in which they came", () => {
  const change = fc.record({ number: fc.nat(60), comes: fc.boolean(), other: fc.boolean() });
  fc.assert(fc.property(fc.array(change, { maxLength: 400 }), (changes) => {
    const rolls = [new Numbers(), new Numbers()] as const;
    const sets = [new Set<Numbered>(), new Set<Numbered>()] as const;
    const all = Array.from({ length: 61 }, (_, number) => ({ number, place: -1 }));
    for (const { number, comes, other } of changes) {
      const at = other ? 1 : 0;
      const one = all[number];
      if (one === undefined) continue;
      // In one of a kind at a time.
      assertEquals(rolls[1 - at]?.delete(one), sets[1 - at]?.delete(one));
      if (comes) {
        rolls[at].add(one);
        sets[at].add(one);
      } else assertEquals(rolls[at].delete(one), sets[at].delete(one));
      assertEquals(rolls[at].has(one), comes);
    }
    for (const at of [0, 1] as const) {
      assertEquals(rolls[at].members(), [...sets[at]]);
      assertEquals(rolls[at].size, sets[at].size);
      assertEquals(rolls[at].last(), [...sets[at]].at(-1));
      assertEquals(
        rolls[at].some(({ number }) => number > 30),
        [...sets[at]].some(({ number }) => number > 30),
      );
    }
  }));
});

Deno.test("a map of few entries gives what a Map gives", () => {
  const entry = fc.tuple(fc.nat(5), fc.boolean());
  fc.assert(fc.property(fc.array(entry, { maxLength: 12 }), (entries) => {
    const [few, map] = [new FewMap<number, boolean>(), new Map<number, boolean>()];
    for (const [key, value] of entries) {
      few.set(key, value);
      map.set(key, value);
    }
    assertEquals([...few], [...map]);
    assertEquals([...few.keys()], [...map.keys()]);
    assertEquals([...few.values()], [...map.values()]);
    assertEquals(few.size, map.size);
    for (let key = 0; key <= 5; key++) assertEquals(few.get(key), map.get(key));
  }));
});
