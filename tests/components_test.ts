import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { components, type Graph } from "../model/explore/components.ts";

const nodes = 7;

const edges = fc.array(fc.tuple(fc.nat(nodes - 1), fc.nat(nodes - 1)), { maxLength: 16 });

function graphOf(pairs: readonly (readonly [number, number])[]): Graph {
  const sorted = pairs.toSorted(([left], [right]) => left - right);
  const first = Int32Array.from(
    { length: nodes + 1 },
    (_, node) => sorted.filter(([from]) => from < node).length,
  );
  const to = Int32Array.from(sorted, ([, target]) => target);
  return { first, to };
}

/** By node: the nodes that at least one edge leads to, over any others (Warshall). */
function reachable(pairs: readonly (readonly [number, number])[]): readonly Set<number>[] {
  const reach = Array.from({ length: nodes }, () => new Set<number>());
  for (const [from, to] of pairs) reach[from]?.add(to);
  for (let over = 0; over < nodes; over++) {
    for (const set of reach) if (set.has(over)) { for (const to of reach[over] ?? []) set.add(to); }
  }
  return reach;
}

Deno.test("states are of one component if each can be reached from the other", () => {
  fc.assert(fc.property(edges, (pairs) => {
    const reach = reachable(pairs);
    const expected = reach.flatMap((set, node) => {
      const component = [...set].filter((other) => reach[other]?.has(node));
      return component.length > 0 && Math.min(...component) === node ? [component] : [];
    });
    const sorted = (sets: Iterable<Iterable<number>>) =>
      Array.from(sets, (set) => [...set].toSorted()).toSorted(([left = 0], [right = 0]) =>
        left - right
      );
    assertEquals(sorted(components(graphOf(pairs))), sorted(expected));
  }));
});
