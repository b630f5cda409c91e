/**
 * Says in words what a byte of a state means.
 *
 * @module
 */
import { Content } from "../content.ts";
import { Direct } from "../effects/direct_io.ts";
import { Extent } from "../extent.ts";
import { Folio, rememberedExtent } from "../folio.ts";
import { lockModes } from "../mode_lock.ts";
import { Pte } from "../page_table.ts";
import { Held, rwsems } from "../rwsem.ts";
import type { Field, State } from "../state.ts";
import { Entry, Saw, Tag } from "../xarray.ts";

/** Names a task of the design in a sentence. */
export type NameTask = (task: number) => string;

/** A clause such as `page 0 is a hole`, or `pass[0] is 2` where a view has no words of its own. */
export function sayByte(state: State, field: Field, index: number, nameTask: NameTask): string {
  const byte = state[field][index] ?? 0;
  const { pages, tasks } = state.bounds;
  const pte = `mapping ${Math.floor(index / pages)}`;
  switch (field) {
    case "extent":
      return `page ${index} ${extentWords[byte] ?? byte}`;
    case "entry":
      return byte === Entry.NONE
        ? `page ${index} has no entry`
        : `page ${index} has ${article(byte)} entry`;
    case "tag":
      return `page ${index} ${flagWords(byte, Tag, "has no mark", "is marked")}`;
    case "holder":
      return byte === 0
        ? `the entry of page ${index} is unlocked`
        : `${nameTask(byte - 1)} holds the entry lock of page ${index}`;
    case "pte":
      return `${pte} ${pteWords(byte, index % pages)}`;
    case "tlb":
      return `the CPU of ${pte} ${pteWords(byte, index % pages)}`;
    case "saw":
      return `${nameTask(index)} ${sawWords(byte)}`;
    case "rwsem":
      return `${rwsems[index] ?? "a semaphore"} is ${semaphoreWords(byte, nameTask)}`;
    case "lock":
      return `${nameTask(index % tasks)} holds lock ${Math.floor(index / tasks)} ${
        modeWords(byte & 0x0f)
      }`;
    case "slot":
      return byte === 0 ? `page ${index} is not cached` : `page ${index} is cached`;
    case "folio":
      return `folio ${index} ${flagWords(byte, Folio, "has no flag", "is")}`;
    case "locked":
      return byte === 0
        ? `folio ${index} is unlocked`
        : `${nameTask(byte - 1)} holds the lock of folio ${index}`;
    case "pfn":
      return byte === 0
        ? `${pte} maps no folio at page ${index % pages}`
        : `${pte} maps folio ${byte - 1} at page ${index % pages}`;
    case "hand":
      return byte === 0
        ? `${nameTask(index)} has no folio`
        : `${nameTask(index)} has folio ${byte - 1}`;
    case "pinned":
      return byte === 0
        ? `${nameTask(index)} has no folio pinned`
        : `${nameTask(index)} has folio ${byte - 1} pinned`;
    case "pinnedBlock":
      return byte === 0 || byte >= 0x80
        ? `${nameTask(index)} has no block pinned`
        : `${nameTask(index)} has block ${byte - 1} pinned`;
    case "block":
      return byte === 0 ? `page ${index} has no block` : `page ${index} has block ${byte - 1}`;
    case "owner":
      return byte === 0 ? `block ${index} is free` : `block ${index} is that of page ${byte - 1}`;
    case "iomap":
      return `${nameTask(index)} remembers that it ${extentWords[rememberedExtent(byte)] ?? byte}`;
    case "inflight":
      return `${byte} calls are in flight on page ${index}`;
    case "waits":
      return byte === 0 ? `${nameTask(index)} is awake` : `${nameTask(index)} sleeps`;
    case "content":
      return `the block of page ${index} holds ${contentWords[byte] ?? byte}`;
    case "direct":
      return (byte & Direct.PAGE) === 0
        ? `${nameTask(index)} has no direct I/O in flight`
        : `${nameTask(index)} has direct I/O in flight`;
    case "vma":
      return `mapping ${index} ${byte === 0 ? "is gone" : "is there"}`;
    case "unflushed":
      return `page ${index} ${byte === 0 ? "is flushed" : "has a store that is not flushed"}`;
    case "size":
      return `file ${index} has ${byte} pages`;
    case "frozen":
      return `file ${index} is ${byte === 0 ? "not frozen" : "frozen"}`;
    default:
      return `${field}[${index}] is ${byte}`;
  }
}

const extentWords: Readonly<Record<number, string>> = {
  [Extent.HOLE]: "is a hole",
  [Extent.UNWRITTEN]: "is unwritten",
  [Extent.MAPPED]: "is mapped to a block",
  [Extent.BEYOND]: "lies beyond the end of the file",
};

const contentWords: Readonly<Record<number, string>> = {
  [Content.STALE]: "what its last owner left",
  [Content.ZEROED]: "zeros",
  [Content.DATA]: "data",
};

function article(byte: number): string {
  const names: Readonly<Record<number, string>> = {
    [Entry.EMPTY]: "an EMPTY",
    [Entry.ZERO]: "a ZERO",
    [Entry.PFN]: "a block's",
  };
  const kind = names[byte & ~Entry.PMD] ?? `a ${byte}`;
  return (byte & Entry.PMD) === 0 ? kind : `${kind} PMD`;
}

function flagWords(
  byte: number,
  flags: Readonly<Record<string, number>>,
  none: string,
  some: string,
): string {
  const set = Object.entries(flags).filter(([, bit]) => (byte & bit) !== 0).map(([name]) => name);
  return set.length === 0 ? none : `${some} ${set.join(", ")}`;
}

function pteWords(byte: number, page: number): string {
  const names: Readonly<Record<number, string>> = {
    [Pte.NONE]: `maps nothing at page ${page}`,
    [Pte.ZERO]: `maps the zero page at page ${page}`,
    [Pte.READ]: `maps page ${page} read-only`,
    [Pte.WRITE]: `maps page ${page} writable`,
    [Pte.ANON]: `maps a copy of page ${page}`,
  };
  const words = names[byte & ~Pte.HUGE] ?? `maps page ${page} as ${byte}`;
  return (byte & Pte.HUGE) === 0 ? words : `${words} by a PMD`;
}

function sawWords(byte: number): string {
  if ((byte & Saw.HOLE) !== 0) return "saw a hole";
  return (byte & Saw.MAPPED) !== 0 ? "saw a block" : "has looked up nothing";
}

function semaphoreWords(byte: number, nameTask: NameTask): string {
  if (byte === 0) return "free";
  return byte >= Held.EXCLUSIVE
    ? `held by ${nameTask(byte - Held.EXCLUSIVE)}`
    : `held shared by ${byte}`;
}

function modeWords(mode: number): string {
  const [name] = Object.entries(lockModes).find(([, number]) => number === mode) ?? [];
  return name === undefined ? "in no mode" : `in mode ${name}`;
}
