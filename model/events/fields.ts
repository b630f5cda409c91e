/**
 * What fields each event has, and what they may say: for events that no compiler has looked at.
 *
 * @module
 */
import type { Event, EventKind } from "../event.ts";
import { lockModes } from "../mode_lock.ts";
import { rwsems } from "../rwsem.ts";
import { type Mark, Tag } from "../xarray.ts";

/** What a field may hold. */
export type Shape =
  /** A number of something of the world. */
  | { readonly kind: "number"; readonly of: Numbered }
  /** One of these. */
  | { readonly kind: "word"; readonly words: readonly (string | number | boolean)[] }
  | { readonly kind: "text" };

/** What a number may count: things of the world, or bits of writes, or blocks of a page. */
export type Numbered = "task" | "page" | "mapping" | "file" | "lock" | "end" | "bits" | "small";

/** A field of an event. */
export interface FieldShape {
  readonly shape: Shape;
  readonly optional: boolean;
}

/** The fields of an event, but for its kind. */
type Fields<K extends EventKind> = {
  readonly [F in keyof Omit<Extract<Event, { kind: K }>, "kind">]-?: FieldShape;
};

const number = (of: Numbered): FieldShape => ({ shape: { kind: "number", of }, optional: false });
const words = (...all: readonly (string | number | boolean)[]): FieldShape => ({
  shape: { kind: "word", words: all },
  optional: false,
});
const optional = ({ shape }: FieldShape): FieldShape => ({ shape, optional: true });

const task = number("task");
const page = number("page");
const mapping = number("mapping");
const writes = number("bits");
const onPage = { task, page };
const order = words("pte", "pmd");
const either = words(true, false);
const given = optional(words(true));
const mark = words(...Object.keys(Tag).filter((name): name is Mark => name in Tag));
const deferred = optional(words("deferred"));
const line = words(0, 1);
const mode = words(...Object.keys(lockModes));
const longterm = given;

/** Fields by the kind of event. */
const eventFields: { readonly [K in EventKind]: Fields<K> } = {
  call_begin: onPage,
  call_end: onPage,
  lock_entry: { ...onPage, order },
  unlock_entry: onPage,
  look_up: onPage,
  allocate: { ...onPage, unwritten: given, unzeroed: given },
  zero_block: onPage,
  insert_entry: { ...onPage, order, value: words("zero", "pfn"), dirty: either },
  remove_entry: {
    ...onPage,
    why: words(
      "punch",
      "zero_range",
      "truncate",
      "collapse",
      "insert",
      "layout",
      "invalidate",
      "downgrade",
    ),
    from: number("end"),
    to: number("end"),
    wake: optional(words("next")),
  },
  split_entry: onPage,
  wait_entry: onPage,
  remove_extent: { ...onPage, becomes: words("hole", "unwritten", "beyond") },
  map_page: { ...onPage, mapping, order, access: words("zero", "read", "write", "anonymous") },
  unmap_page: { mapping, page },
  store: { mapping, page },
  load: { mapping, page, sees: words("zero", "data") },
  sync_begin: { task },
  tag_towrite: { task },
  set_mark: { ...onPage, mark },
  clear_mark: { ...onPage, mark },
  mkclean: { ...onPage, mapping, tlbFlush: deferred },
  flush_tlb: { mapping, page },
  flush: { ...onPage, only: given },
  clear_dirty: onPage,
  sync_end: { task },
  acquire: { task, lock: words(...rwsems), mode: words("shared", "exclusive") },
  release: { task, lock: words(...rwsems) },
  lock: { task, lock: number("lock"), mode, name: text(), recursive: given },
  unlock: { task, lock: number("lock") },
  contend: { task, lock: number("lock"), mode, and: words("sleeps", "fails") },
  direct_begin: onPage,
  invalidated: onPage,
  direct_write: { ...onPage, writes, fua: given },
  direct_read: onPage,
  convert_unwritten: onPage,
  invalidate_again: onPage,
  set_wb_error: onPage,
  direct_end: { ...onPage, writes },
  store_line: { mapping, page, writes },
  write_back_line: { ...onPage, line },
  fence: { ...onPage, writes },
  evict_line: { page, line },
  drain_device: { page },
  flush_device: { task },
  commit: { task },
  fsync_begin: { task },
  fsync_end: { task, allFiles: given },
  dsync_end: { ...onPage, writes },
  mark_inode_dirty: onPage,
  mmap: { task, mapping, asksSync: either, gets: words("synchronous", "plain", "EOPNOTSUPP") },
  freeze: { task, file: number("file") },
  refuse_change: onPage,
  report_error: { ...onPage, says: words("EIO", "ok"), clears: given },
  crash: {},
  find_folio: onPage,
  add_folio: onPage,
  lock_folio: onPage,
  unlock_folio: onPage,
  put_folio: onPage,
  map_blocks: onPage,
  read_folio: onPage,
  write_begin: onPage,
  copy_in: { ...onPage, writes, whole: given },
  map_folio: { ...onPage, mapping, access: words("read", "write", "anonymous") },
  store_folio: { mapping, page, writes, part: optional(number("small")) },
  reserve_blocks: onPage,
  mark_dirty: { ...onPage, part: optional(line) },
  protect_folio: { ...onPage, mapping },
  clear_dirty_for_io: onPage,
  start_writeback: onPage,
  zap_folio: { mapping, page, tlbFlush: deferred },
  write_folio: { ...onPage, bounced: given, part: optional(line) },
  end_writeback: onPage,
  remove_folio: {
    ...onPage,
    why: words("punch", "truncate", "collapse", "invalidate", "reclaim"),
  },
  shift_extent: { ...onPage, to: page },
  removal_end: onPage,
  set_size: { task, file: number("file"), size: number("small") },
  zero_tail: { ...onPage, writes },
  growth_end: onPage,
  observe: onPage,
  pin: { ...onPage, mapping, longterm },
  refuse_pin: { ...onPage, mapping, longterm },
  dma_write: { ...onPage, writes },
  mark_pinned_dirty: onPage,
  unpin: onPage,
  settle_buffer: onPage,
  send_buffer: { ...onPage, bounced: given },
  pin_block: onPage,
  unpin_block: onPage,
  dma_write_block: { ...onPage, writes },
  sleep_on_pins: onPage,
};

function text(): FieldShape {
  return { shape: { kind: "text" }, optional: false };
}

/** All kinds of event. */
export const eventKinds: readonly EventKind[] = Object.keys(eventFields).filter(isEventKind);

/** The fields of a kind of event by their names, `kind` left out. */
export function fieldsOf(kind: EventKind): Readonly<Record<string, FieldShape>> {
  return eventFields[kind];
}

/** True of the name of an event. */
export function isEventKind(name: unknown): name is EventKind {
  return typeof name === "string" && Object.hasOwn(eventFields, name);
}
