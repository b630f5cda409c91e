/**
 * A state that tells which of its bytes are looked at: guards are functions, and nothing else can say
 * what they go by.
 *
 * @module
 */
import { type Field, type State, viewNames } from "./state.ts";

/** A byte of a view, or a place outside of the view where none is. */
export interface ByteAccess {
  readonly field: Field;
  /** Whole or not, in the view or not: as it was asked for. */
  readonly index: number;
  readonly how: "read" | "write";
}

/**
 * A state over the same bytes that tells every access to one of its views. Methods that go over a whole view, such
 * as `includes`, are told as a read of each of its bytes; whoever takes `bytes` is not seen.
 */
export function watchState(state: State, onAccess: (access: ByteAccess) => void): State {
  const watched: { [F in Field]?: Uint8Array } = {};
  for (const field of viewNames) watched[field] = watchView(state[field], field, onAccess);
  return { ...state, ...watched };
}

function watchView(
  view: Uint8Array,
  field: Field,
  onAccess: (access: ByteAccess) => void,
): Uint8Array {
  return new Proxy(view, {
    get(target, name) {
      if (typeof name === "string" && isIndex(name)) {
        const index = Number(name);
        onAccess({ field, index, how: "read" });
        return target[index];
      }
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      return (...args: readonly unknown[]) => {
        for (let index = 0; index < target.length; index++) {
          onAccess({ field, index, how: "read" });
        }
        return Reflect.apply(value, target, args);
      };
    },
    set(target, name, value) {
      if (typeof name === "string" && isIndex(name)) {
        onAccess({ field, index: Number(name), how: "write" });
      }
      return Reflect.set(target, name, value, target);
    },
  });
}

/** True of what a typed array takes for an index, be it `-1`, `0.5` or `NaN`. */
function isIndex(name: string): boolean {
  return /^(?:-?\d+(?:\.\d+)?|NaN|-?Infinity)$/.test(name);
}

/** Indices by their names, as a proxy is asked for them. */
const indices = new Map(Array.from({ length: 256 }, (_, index) => [String(index), index]));

/**
 * A state over the same bytes that tells every read outside of a view and every write, with whether it
 * was inside. Of the locals only those from one index to another are inside.
 */
export function fenceState(
  state: State,
  locals: readonly [from: number, to: number],
  onAccess: (field: Field, index: string, how: "read" | "write", inside: boolean) => void,
): State {
  const fenced: { [F in Field]?: Uint8Array } = {};
  for (const field of viewNames) {
    const view = state[field];
    const [from, to] = field === "local" ? locals : [0, view.length];
    const isInside = (index: number | undefined): boolean =>
      index !== undefined && index >= from && index < to;
    const methods = new Map<PropertyKey, unknown>();
    fenced[field] = new Proxy(view, {
      get(target, name) {
        const index = typeof name === "string" ? indices.get(name) : undefined;
        if (index !== undefined && isInside(index)) return target[index];
        if (typeof name === "string" && isIndex(name)) {
          onAccess(field, name, "read", false);
          return undefined;
        }
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== "function") return value;
        const known = methods.get(name);
        if (known !== undefined) return known;
        const bound: unknown = value.bind(target);
        methods.set(name, bound);
        return bound;
      },
      set(target, name, value) {
        if (typeof name === "string" && isIndex(name)) {
          onAccess(field, name, "write", isInside(indices.get(name)));
        }
        return Reflect.set(target, name, value, target);
      },
    });
  }
  return { ...state, ...fenced };
}
