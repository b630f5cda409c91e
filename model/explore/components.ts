/**
 * The strongly connected components of a graph.
 *
 * @module
 */

/** The edges out of node `n` are those from `first[n]` up to `first[n + 1]`. */
export interface Graph {
  readonly first: Int32Array;
  /** By edge: the node that it leads to. */
  readonly to: Int32Array;
}

/** The graph of `count` nodes in which every edge leads from its node in `from` to that in `to`. */
export function graphOfEdges(count: number, from: Int32Array, to: Int32Array): Graph {
  const first = new Int32Array(count + 1);
  for (let edge = 0; edge < from.length; edge++) {
    const node = from[edge] ?? 0;
    first[node + 1] = (first[node + 1] ?? 0) + 1;
  }
  for (let node = 0; node < count; node++) {
    first[node + 1] = (first[node + 1] ?? 0) + (first[node] ?? 0);
  }
  const next = first.slice();
  const sorted = new Int32Array(to.length);
  for (let edge = 0; edge < from.length; edge++) {
    const node = from[edge] ?? 0;
    const place = next[node] ?? 0;
    sorted[place] = to[edge] ?? 0;
    next[node] = place + 1;
  }
  return { first, to: sorted };
}

/** Sets of nodes that can reach each other, without those from which nothing leads back. */
export function components(graph: Graph): readonly ReadonlySet<number>[] {
  const sets: Set<number>[] = [];
  for (const [node, number] of componentNumbers(graph).entries()) {
    if (number !== 0) (sets[number - 1] ??= new Set()).add(node);
  }
  return sets;
}

/**
 * By node: the number of the set of those that can reach each other, 0 if nothing leads back to it.
 * Tarjan's algorithm, with a stack of its own, as paths are longer than call stacks are deep.
 */
export function componentNumbers(graph: Graph): Int32Array {
  const { first, to } = graph;
  const count = first.length - 1;
  const order = new Int32Array(count);
  const lowest = new Int32Array(count);
  const path = new Int32Array(count);
  const open = new Int32Array(count);
  const isOpen = new Uint8Array(count);
  const next = first.slice(0, count);
  const numbers = new Int32Array(count);
  let sets = 0;
  let length = 0;
  let opened = 0;
  let met = 0;
  for (let root = 0; root < count; root++) {
    if (order[root] !== 0 || first[root] === first[root + 1]) continue;
    path[length++] = root;
    while (length > 0) {
      const node = path[length - 1] ?? 0;
      if (order[node] === 0) {
        order[node] = lowest[node] = ++met;
        isOpen[node] = 1;
        open[opened++] = node;
      }
      const edge = next[node] ?? 0;
      if (edge < (first[node + 1] ?? 0)) {
        const target = to[edge] ?? 0;
        // An edge to a new node is looked at again when all behind that node is known.
        if (order[target] === 0) path[length++] = target;
        else next[node] = edge + 1;
        if (isOpen[target] === 1 && (lowest[target] ?? 0) < (lowest[node] ?? 0)) {
          lowest[node] = lowest[target] ?? 0;
        }
        continue;
      }
      length--;
      if (lowest[node] !== order[node]) continue;
      const isSet = open[opened - 1] !== node || leadsToItself(graph, node);
      if (isSet) sets++;
      for (let closed = -1; closed !== node;) {
        closed = open[--opened] ?? node;
        isOpen[closed] = 0;
        if (isSet) numbers[closed] = sets;
      }
    }
  }
  return numbers;
}

function leadsToItself({ first, to }: Graph, node: number): boolean {
  for (let edge = first[node] ?? 0; edge < (first[node + 1] ?? 0); edge++) {
    if (to[edge] === node) return true;
  }
  return false;
}
