/**
 * The lanes of a world: which bytes of its state a picture follows, and what it calls their values.
 *
 * @module
 */
import { Content } from "../content.ts";
import { Extent } from "../extent.ts";
import { Folio } from "../folio.ts";
import { lockModes } from "../mode_lock.ts";
import { Pte } from "../page_table.ts";
import type { Lane } from "./picture.ts";
import { Held, rwsems } from "../rwsem.ts";
import { type Field, type State, viewNames } from "../state.ts";
import { Entry, Tag } from "../xarray.ts";

/** A lane, and how its value is read from a state. */
export interface LaneReader extends Lane {
  /** The view that it is of, and the byte in it. */
  readonly field: Field;
  readonly index: number;
  readonly valueIn: (state: State) => string;
}

/** What tasks and mappings are called. */
interface Names {
  readonly task: (task: number) => string;
  readonly mapping: (mapping: number) => string;
}

type Reader = Omit<LaneReader, "field" | "index" | "valueIn"> & {
  readonly value: (byte: number) => string;
};

/** Every lane of a state's world, in the order of its fields; a byte of marks has a lane for each. */
export function lanesOf(state: State, names: Names): readonly LaneReader[] {
  return viewNames.flatMap((field) =>
    Array.from(state[field]).flatMap((_, index) =>
      readersOf(field, index, state, names).map(({ value, ...lane }): LaneReader => ({
        ...lane,
        field,
        index,
        valueIn: (each) => value(each[field][index] ?? 0),
      }))
    )
  );
}

function readersOf(
  field: Field,
  index: number,
  { bounds }: State,
  { task, mapping }: Names,
): readonly Reader[] {
  const of = bounds.pages === 1 ? "" : ` ${index}`;
  const holder = (byte: number): string => byte === 0 ? "free" : task(byte - 1);
  switch (field) {
    case "extent":
      return [{
        name: `block${of}`,
        says: "what the block map has for the page",
        idle: "hole",
        value: (byte) => extents[byte] ?? String(byte),
      }];
    case "entry":
      return [{
        name: `entry${of}`,
        says: "the page's entry in the XArray",
        idle: "none",
        value: entryText,
      }];
    case "tag":
      return Object.entries(Tag)
        .filter(([name]) => name !== "WRITEBACK" || (bounds.folios ?? 0) > 0)
        .map(([name, bit]) => ({
          name: `${name}${of}`,
          says: `the XArray mark ${name}`,
          idle: "clear",
          value: (byte) => (byte & bit) === 0 ? "clear" : "set",
        }));
    case "holder":
      return [{
        name: `entry lock${of}`,
        says: "who holds the lock of the entry",
        idle: "free",
        value: holder,
      }];
    case "pte": {
      const page = index % bounds.pages;
      return [{
        name: `PTE${bounds.pages === 1 ? "" : ` ${page}`} of ${
          mapping(Math.floor(index / bounds.pages))
        }`,
        says: "what the page table lets the program do",
        idle: "none",
        value: pteText,
      }];
    }
    case "unflushed":
      return [{
        name: `CPU cache${of}`,
        says: "whether a store may be in a CPU cache only",
        idle: "flushed",
        loss: true,
        value: (byte) => byte === 0 ? "flushed" : "not flushed",
      }];
    case "rwsem":
      return [{
        name: rwsems[index] ?? "semaphore",
        says: "who holds the semaphore",
        idle: "free",
        value: (byte) =>
          byte === 0
            ? "free"
            : byte >= Held.EXCLUSIVE
            ? task(byte - Held.EXCLUSIVE)
            : `${byte} shared`,
      }];
    case "lock":
      return [{
        name: `lock ${Math.floor(index / bounds.tasks)}, ${task(index % bounds.tasks)}`,
        says: "the mode in which the task holds the lock",
        idle: "not held",
        value: (byte) => modeText(byte & 0x0f),
      }];
    case "slot":
      return [{
        name: `page cache${of}`,
        says: "the folio that the page's slot points at",
        idle: "empty",
        value: (byte) => byte === 0 ? "empty" : `folio ${byte - 1}`,
      }];
    case "folio":
      return Object.entries(Folio).map(([name, bit]) => ({
        name: `PG_${name.toLowerCase()} ${index}`,
        says: `the flag of folio ${index}`,
        idle: "clear",
        value: (byte) => (byte & bit) === 0 ? "clear" : "set",
      }));
    case "locked":
      return [{
        name: `folio lock ${index}`,
        says: "who holds the lock of the folio",
        idle: "free",
        value: holder,
      }];
    case "memory":
      return [contentLane(`folio ${index}`, "which writes are in the folio")];
    case "media":
      return [contentLane(`disk ${index}`, "which writes are in the block on the disk")];
    case "pending":
      return [contentLane(`device ${index}`, "which writes are in the device, flushed or not")];
    case "visible":
      return [contentLane(`seen ${index}`, "which writes reads of the block see")];
    case "content":
      return [{
        name: `block ${index} holds`,
        says: "what the page's block holds",
        idle: "stale",
        value: (byte) =>
          byte === Content.STALE ? "stale" : byte === Content.ZEROED ? "zeros" : "data",
      }];
    case "size":
      return [{
        name: bounds.files === undefined ? "i_size" : `i_size ${index}`,
        says: "the size of the file, in pages",
        idle: "0",
        value: String,
      }];
    case "block":
      return [{
        name: `block number${of}`,
        says: "the block that the block map has for the page",
        idle: "none",
        value: (byte) => byte === 0 ? "none" : String(byte - 1),
      }];
    case "wbErr":
      return [{
        name: "wb_err",
        says: "whether an error waits to be reported",
        idle: "none",
        value: (byte) => byte === 0 ? "none" : "error",
      }];
    case "pinned":
      return [{
        name: `pin of ${task(index)}`,
        says: "the folio that the task has pinned",
        idle: "none",
        value: (byte) => byte === 0 ? "none" : `folio ${byte - 1}`,
      }];
    case "crashed":
      return [{
        name: "power",
        says: "whether power has failed",
        idle: "on",
        value: (byte) => byte === 0 ? "on" : "failed",
      }];
    case "variable":
      return [{
        name: bounds.variables?.[index] ?? `variable ${index}`,
        says: "a variable of the design's own",
        idle: "0",
        value: String,
      }];
    default:
      return [];
  }
}

/** The lane without what reads it, as a picture has it. */
export function laneOf({ name, says, idle, loss }: LaneReader): Lane {
  return { name, says, idle, ...(loss === undefined ? {} : { loss }) };
}

const extents: Readonly<Record<number, string>> = {
  [Extent.HOLE]: "hole",
  [Extent.UNWRITTEN]: "unwritten",
  [Extent.MAPPED]: "mapped",
  [Extent.BEYOND]: "beyond EOF",
};

function entryText(byte: number): string {
  if (byte === Entry.NONE) return "none";
  const size = (byte & Entry.PMD) === 0 ? "PTE" : "PMD";
  const kind = byte & ~Entry.PMD;
  if (kind === Entry.PFN) return size;
  return `${kind === Entry.ZERO ? "zero" : "empty"} ${size}`;
}

function pteText(byte: number): string {
  const access = byte & ~Pte.HUGE;
  const words: Readonly<Record<number, string>> = {
    [Pte.NONE]: "none",
    [Pte.ZERO]: "zeros",
    [Pte.READ]: "read-only",
    [Pte.WRITE]: "writable",
    [Pte.ANON]: "copy",
  };
  return `${words[access] ?? byte}${(byte & Pte.HUGE) === 0 ? "" : " PMD"}`;
}

function modeText(mode: number): string {
  const [name] = Object.entries(lockModes).find(([, number]) => number === mode) ?? [];
  return name === undefined ? "not held" : name.toLowerCase();
}

function contentLane(name: string, says: string): Reader {
  return { name, says, idle: "zeros", value: contentText };
}

/** The writes that a content holds, by their numbers: each has a bit of its own. */
function contentText(byte: number): string {
  if (byte === 0) return "zeros";
  const writes = [0, 1, 2, 3, 4, 5, 6].filter((bit) => (byte & (1 << bit)) !== 0)
    .map((bit) => `write ${bit + 1}`);
  return [...writes, ...((byte & 0x80) === 0 ? [] : ["stale data"])].join(" + ");
}
