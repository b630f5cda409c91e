/**
 * Names of VMAs. A trace shows at which address a task maps a file, and of which task that is; whether
 * two tasks share their memory it shows only where it prints thread groups.
 *
 * @module
 */
import type { MappingId } from "./observation.ts";

/** Whose address space a VMA is in: of a thread group, or, where that is not told, of a task. */
type Owner = { readonly group: number } | { readonly task: number };

/** Names the VMA in which page offset 0 of the file would lie at the user address `base`. */
export function mappingId(base: number, owner: Owner): MappingId {
  return "group" in owner ? `${base} g${owner.group}` : `${base} t${owner.task}`;
}

/** The user address at which page offset 0 of the file would lie. */
export function baseOf(id: MappingId): number {
  return Number.parseInt(id, 10);
}

/** Whose address space the VMA is in. */
export function ownerOf(id: MappingId): Owner {
  const at = id.indexOf(" ");
  const number = Number(id.slice(at + 2));
  return id.charAt(at + 1) === "g" ? { group: number } : { task: number };
}

/** True if both are one VMA, false if they are not, undefined if it may be either. */
export function isSame(one: MappingId, other: MappingId): boolean | undefined {
  if (one === other) return true;
  const at = one.indexOf(" ");
  if (one.slice(0, at + 1) !== other.slice(0, at + 1)) return false;
  return one.charAt(at + 1) === "g" && other.charAt(at + 1) === "g" ? false : undefined;
}
