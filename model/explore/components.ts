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

/**
 * Sets of nodes that can reach each other, without those from which nothing leads back: Tarjan's
 * algorithm, with a stack of its own, as paths are longer than call stacks are deep.
 */
export function* components(graph: Graph): Generator<ReadonlySet<number>> {
  const { first, to } = graph;
  const count = first.length - 1;
  const order = new Int32Array(count);
  const lowest = new Int32Array(count);
  const path = new Int32Array(count);
  const open = new Int32Array(count);
  const isOpen = new Uint8Array(count);
  const next = first.slice(0, count);
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
      const top = opened;
      do isOpen[open[--opened] ?? 0] = 0; while (open[opened] !== node);
      if (top - opened > 1 || leadsToItself(graph, node)) {
        yield new Set(open.subarray(opened, top));
      }
    }
  }
}

function leadsToItself({ first, to }: Graph, node: number): boolean {
  for (let edge = first[node] ?? 0; edge < (first[node + 1] ?? 0); edge++) {
    if (to[edge] === node) return true;
  }
  return false;
}
