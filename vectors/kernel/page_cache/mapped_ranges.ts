/**
 * Which bytes of its file a mapping has, and whether it is shared, as mmap was asked: msync and stores
 * name addresses.
 *
 * @module
 */
import type { ByteRange } from "../../../model/check/page_cache/byte_range.ts";
import { pageSize } from "../../../model/page_size.ts";
import type { Moment } from "../../../model/check/observation.ts";
import type { SyscallEnterRecord } from "../record.ts";
import type { AskedMapping, MappedRange } from "./mapped_range.ts";
import type { PageCacheTranslation } from "./translation.ts";

/** include/uapi/linux/mman.h. MAP_SHARED and MAP_SHARED_VALIDATE have this bit, MAP_PRIVATE has not. */
const SHARED = 0x01, ANONYMOUS = 0x20;

/** What mmap is asked for; undefined if its line does not tell. */
export function askedToMap({ args }: SyscallEnterRecord): AskedMapping | undefined {
  const { len, off, flags = 0 } = args;
  if (len === undefined) return undefined;
  const length = Math.ceil(len / pageSize) * pageSize;
  return {
    length,
    offset: (flags & ANONYMOUS) === 0 ? off : undefined,
    shared: (flags & SHARED) !== 0,
  };
}

/** What mremap moves: what is mapped where it is asked to move from. */
export function askedToMove(
  translation: PageCacheTranslation,
  owner: string,
  { args }: SyscallEnterRecord,
): AskedMapping | undefined {
  const { addr, old_len: before, new_len: length } = args;
  if (addr === undefined || length === undefined) return undefined;
  const moved = rangeMapped(translation, owner, addr, before ?? 0);
  if (moved === undefined) return undefined;
  return { length, offset: moved.offset + addr - moved.from, shared: moved.shared };
}

/** Memory is mapped at an address: what was mapped there is not any more. */
export function mapRange(
  translation: PageCacheTranslation,
  owner: string,
  from: number,
  { length, offset, shared }: AskedMapping,
  bare: Moment,
): void {
  const { mapped } = translation;
  if (offset === undefined) return unmapRange(translation, owner, from, from + length);
  const ranges = outside(mapped.get(owner) ?? [], from, from + length);
  ranges.push({ from, to: from + length, offset, shared, bare });
  mapped.set(owner, ranges);
}

/** Forgets what was mapped at these addresses. What is left of a mapping keeps its place in the file. */
export function unmapRange(
  { mapped }: PageCacheTranslation,
  owner: string,
  from: number,
  to: number,
): void {
  const ranges = mapped.get(owner);
  if (ranges === undefined || !ranges.some((each) => each.from < to && each.to > from)) return;
  mapped.set(owner, outside(ranges, from, to));
}

/** What is mapped elsewhere: a list of its own, for lists are shared by memories. */
function outside(ranges: readonly MappedRange[], from: number, to: number): MappedRange[] {
  const left: MappedRange[] = [];
  for (const each of ranges) {
    if (each.to <= from || each.from >= to) left.push(each);
    else {
      if (each.from < from) left.push({ ...each, to: from });
      if (each.to > to) left.push({ ...each, from: to, offset: each.offset + to - each.from });
    }
  }
  return left;
}

/** Page table entries of these addresses are gone, or forbid stores. */
export function bareRange(
  { mapped }: PageCacheTranslation,
  owner: string,
  from: number,
  to: number,
  bare: Moment,
): void {
  const ranges = mapped.get(owner);
  if (ranges === undefined) return;
  // Of a mapping that is not bare as a whole, it may be at any of its pages.
  mapped.set(
    owner,
    ranges.map((each) => each.to <= from || each.from >= to ? each : { ...each, bare }),
  );
}

/** A process has other memory: that of an exec, or, with `parent`, a copy of its parent's. */
export function memoryBegins(
  { mapped }: PageCacheTranslation,
  owner: string,
  parent: string | undefined,
): void {
  const ranges = parent === undefined ? undefined : mapped.get(parent);
  if (ranges === undefined) mapped.delete(owner);
  else mapped.set(owner, ranges);
}

/** The mapping that has all of these addresses, if one was seen to be made. */
export function rangeMapped(
  { mapped }: PageCacheTranslation,
  owner: string,
  start: number,
  length: number,
): MappedRange | undefined {
  return mapped.get(owner)?.find(({ from, to }) => from <= start && start + length <= to);
}

/** The bytes of the file at these addresses, if one mapping has all of them. */
export function bytesMapped(
  translation: PageCacheTranslation,
  owner: string,
  start: number | undefined,
  length: number | undefined,
): ByteRange | undefined {
  if (start === undefined || length === undefined) return undefined;
  const found = rangeMapped(translation, owner, start, length);
  if (found === undefined) return undefined;
  const from = found.offset + start - found.from;
  return { from, to: from + length };
}
