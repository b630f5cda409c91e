/**
 * Whose memory a mapping is in. Threads of one process have one memory; so have two processes, if one
 * was made with CLONE_VM, as vfork does. What one of them makes writable the other can store to.
 *
 * @module
 */
import { ownerOf } from "../mapping_id.ts";
import type { MappingId } from "../observation.ts";
import type { ProcessBornSeen } from "./mapping_observation.ts";

/** The memory of a process. */
interface Memory {
  /** The process that it began with, as far as is known. */
  readonly process: number;
  /** True if it was seen to begin: whoever else has it was seen to get it. */
  readonly begun: boolean;
}

/** Memories by process, of those that were seen to begin. */
export type Memories = Map<number, Memory>;

/** A process begins. After an exec it has another memory, which nobody needs to know. */
export function processBorn(memories: Memories, seen: ProcessBornSeen): void {
  const { group, memory } = seen;
  if (memory === undefined) memories.delete(group);
  else if (memory === group) memories.set(group, { process: group, begun: true });
  else memories.set(group, memories.get(memory) ?? { process: memory, begun: false });
}

/** True if both mappings are in one memory, false if they are not, undefined if that is not known. */
export function sharesMemory(
  memories: Memories,
  one: MappingId,
  other: MappingId,
): boolean | undefined {
  const [first, second] = [ownerOf(one), ownerOf(other)];
  if ("task" in first || "task" in second) {
    return "task" in first && "task" in second && first.task === second.task ? true : undefined;
  }
  const of = (group: number): Memory => memories.get(group) ?? { process: group, begun: false };
  const [a, b] = [of(first.group), of(second.group)];
  if (a.process === b.process) return true;
  return a.begun || b.begun ? false : undefined;
}
