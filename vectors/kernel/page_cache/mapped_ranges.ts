/**
 * Which bytes of its file a mapping has, as mmap was asked: msync names addresses.
 *
 * @module
 */
import type { ByteRange } from "../../../model/check/page_cache/byte_range.ts";
import type { SyscallEnterRecord, SyscallExitRecord } from "../record.ts";
import type { PageCacheTranslation } from "./translation.ts";

const ANONYMOUS = 0x20;

/** What mmap is asked for: how many bytes of a file, from where on; undefined if it is of no file. */
export function askedToMap({ args }: SyscallEnterRecord): ByteRange | undefined {
  const { len, off, flags = 0 } = args;
  if (len === undefined || off === undefined || (flags & ANONYMOUS) !== 0) return undefined;
  return { from: off, to: off + len };
}

/** mmap has returned: what was mapped at these addresses is not there any more. */
export function mapRange(
  translation: PageCacheTranslation,
  owner: string,
  { result }: SyscallExitRecord,
  { from: offset, to }: ByteRange,
): void {
  if (result <= 0) return;
  const end = result + to - offset;
  unmapRange(translation, owner, result, end);
  translation.mapped.push({ owner, from: result, to: end, offset });
}

/** Forgets what was mapped at these addresses. */
export function unmapRange(
  translation: PageCacheTranslation,
  owner: string,
  from: number,
  to: number,
): void {
  translation.mapped = translation.mapped.filter((each) =>
    each.owner !== owner || each.to <= from || each.from >= to
  );
}

/** The bytes of the file at these addresses, if one mapping has all of them. */
export function bytesMapped(
  { mapped }: PageCacheTranslation,
  owner: string,
  start: number | undefined,
  length: number | undefined,
): ByteRange | undefined {
  if (start === undefined || length === undefined) return undefined;
  const found = mapped.find(({ owner: of, from, to }) =>
    of === owner && from <= start && start + length <= to
  );
  if (found === undefined) return undefined;
  const from = found.offset + start - found.from;
  return { from, to: from + length };
}
