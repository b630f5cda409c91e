/**
 * What vectors are about, in classes of bugs: a vector's flags are keys of these notes.
 *
 * Every invariant has one note; a test holds the two to each other.
 *
 * @module
 */
import type { FlagNote, Reference } from "../format/vector.ts";
import type { BugClass, ReferenceKind } from "../format/vocabulary.ts";

/** A note, with the references as `kind id`. */
function note(
  bugClass: BugClass,
  description: string,
  effect: string,
  ...references: readonly (readonly [ReferenceKind, string])[]
): FlagNote {
  const named = references.map(([kind, id]): Reference => ({ kind, id }));
  return { bugClass, description, effect, references: named };
}

/** Every note by its flag, in the order of the systems. */
export const notes = {
  HoleHidesBlock: note(
    "MISSED_INVALIDATION",
    "A page table maps the zero page where the file has a block by now.",
    "One process reads zeros for ever, while others read and write the data.",
    ["seed", "000"],
    ["commit", "ac401cc78242"],
    ["commit", "13e451fdc1af"],
    ["commit", "cd656375f946"],
    ["fstests", "generic/428"],
  ),
  EntryConflict: note(
    "TORN_STATE",
    "Two entries, or two tasks that hold one, disagree about the same pages.",
    "A DIRTY mark, or what rests on the entry, is gone.",
    ["commit", "0e40de0338d0"],
    ["commit", "de14b9cb5e02"],
    ["fstests", "generic/437"],
  ),
  EntryOutlivesBlock: note(
    "MISSED_INVALIDATION",
    "An entry stands for a block that the file no longer has, or a page is mapped by no entry.",
    "Faults go by what is not there; fsync and allocation cannot find the mapping.",
    ["commit", "4636e70bb0a8"],
    ["commit", "5a3a2d83cda8"],
  ),
  BlockNotZeroed: note(
    "EXPOSED_BLOCK",
    "A new block is mapped before it is zeroed.",
    "The process reads what the block's last owner stored there.",
    ["commit", "5726b27b09cc"],
  ),
  ZeroedTooLate: note(
    "LOST_WRITE",
    "A new block is zeroed after somebody has stored to it.",
    "The store is gone, for every process.",
    ["commit", "843172978bb9"],
  ),
  MappedBeyondEnd: note(
    "USE_AFTER_FREE",
    "A page beyond the end of the file is mapped.",
    "Stores go to a block that may be another file's by now.",
    ["commit", "957ac8c421ad"],
    ["commit", "653c60b633a9"],
  ),
  PrivateWriteLeaks: note(
    "EXPOSED_BLOCK",
    "A store through a private mapping reaches the file.",
    "Others see, and the media keeps, what was meant for one process alone.",
    ["commit", "bc2466e42573"],
    ["cve", "CVE-2016-5195"],
  ),
  MissingMark: note(
    "LOST_WRITE",
    "What was stored through a mapping bears no DIRTY mark, or loses it.",
    "No fsync flushes it, and a power failure loses it.",
    ["commit", "c6dcf52c23d2"],
    ["commit", "9973c98ecfda"],
  ),
  MarkedHole: note(
    "CAN_OF_WORMS",
    "An entry that stands for no block is marked DIRTY.",
    "fsync flushes the zero page, or warns and fails.",
    ["kernel", "6.1, fs/dax.c dax_insert_entry()"],
  ),
  PartialRemoval: note(
    "LOST_WRITE",
    "A DIRTY entry is deleted because a part of its pages is removed.",
    "The stores to the rest are in no fsync.",
    ["recording", "6.12-punch-ext4"],
    ["recording", "6.12-truncate-xfs"],
  ),
  MissedMkclean: note(
    "LOST_WRITE",
    "A page is declared clean while somebody can still store to it without a fault.",
    "The next store is invisible to every fsync after it.",
    ["seed", "003"],
    ["commit", "f729c8c9b24f"],
    ["commit", "4b4bb46d00b3"],
    ["commit", "1cf35d47712d"],
    ["recording", "5.10-mkclean-ext4"],
  ),
  EarlyReturn: note(
    "LOST_WRITE",
    "A sync call returns before another caller has finished the work that both owe.",
    "The caller is told that its data is safe, and a power failure loses it.",
    ["recording", "6.12-two-fsyncs-ext4"],
  ),
  NotDurable: note(
    "LOST_WRITE",
    "A sync call returns 0 although something that it covers would not survive a crash.",
    "A power failure loses data that the caller was told is safe.",
    ["seed", "001"],
    ["fstests", "generic/470"],
  ),
  MetadataNotDurable: note(
    "LOST_WRITE",
    "Data is on the media, but what leads to it (the block map, the size) is not.",
    "After a crash the file has a hole, or another size, where the data is.",
    ["seed", "001"],
    ["commit", "a39e596baa07"],
    ["commit", "b8a6176c214c"],
    ["fstests", "generic/737"],
  ),
  StaleAfterCrash: note(
    "EXPOSED_BLOCK",
    "After a crash a read returns what nobody ever wrote to that file.",
    "Removed data, or another file's, is readable.",
    ["kernel", "ext4 data=ordered, XFS unwritten extents"],
  ),
  LostError: note(
    "LOST_ERROR",
    "Writing data out failed, and no sync call says so, or each says so again.",
    "The caller goes on as if its data were safe.",
    ["fstests", "generic/441"],
    ["fstests", "generic/442"],
  ),
  StaleCache: note(
    "STALE_READ",
    "The page cache goes on holding what direct I/O has replaced on the disk.",
    "Readers see old data for as long as the folio stays cached.",
    ["seed", "002"],
    ["commit", "c58cb165bd44"],
    ["fstests", "generic/451"],
  ),
  OverwrittenDirectWrite: note(
    "LOST_WRITE",
    "Writeback of an older folio overwrites a direct write that has returned.",
    "The direct write is lost, and nothing says so.",
    ["seed", "002"],
    ["commit", "5a9d929d6e13"],
  ),
  AddedBehindLock: note(
    "MISSED_INVALIDATION",
    "A folio is added to the page cache while somebody keeps additions out.",
    "It holds what is about to be replaced or removed.",
    ["seed", "002"],
    ["commit", "730633f0b7f9"],
  ),
  WaitForever: note(
    "STUCK",
    "A task waits for something that nobody can ever give it.",
    "It hangs, uninterruptible, with everything that it holds.",
    ["seed", "002"],
    ["commit", "b01b2d72da25"],
    ["fstests", "generic/729"],
  ),
  GrowthShowsTail: note(
    "EXPOSED_BLOCK",
    "A file grows, and the rest of its last page is not zeros.",
    "A program reads bytes that nobody has written to the file.",
    ["commit", "52aecaee1c26"],
    ["fstests", "generic/363"],
  ),
  ReadsFreedBlock: note(
    "EXPOSED_BLOCK",
    "A folio is filled from, or written to, a block that is no longer the page's.",
    "Another file's data is seen or overwritten.",
    ["commit", "ea3d7209ca01"],
    ["commit", "d4f5258eae7b"],
    ["commit", "e251f9bca99c"],
  ),
  LostByCollapse: note(
    "LOST_WRITE",
    "A range is collapsed or inserted, and dirty data behind it is thrown away.",
    "What a program stored there is neither at the old place nor at the new one.",
    ["commit", "32ebffd3bbb4"],
  ),
  StaleBlockMap: note(
    "LOST_WRITE",
    "A look-up of the block map is used after the block map has changed.",
    "Part of a page is filled with zeros, or written where nobody looks.",
    ["commit", "d7b64041164c"],
    ["fstests", "xfs/559"],
  ),
  PageCacheMkclean: note(
    "LOST_WRITE",
    "A folio is declared clean, or mapped writable, without its file system being told.",
    "A store is invisible to writeback, or has no block to go to.",
    ["commit", "9637a5efd4fb"],
    ["commit", "90a8020278c1"],
    ["commit", "1c8349a17137"],
  ),
  UnstablePage: note(
    "TORN_STATE",
    "A page changes while it is being written out.",
    "Its checksum, parity or copy does not match what is on the media.",
    ["seed", "004"],
    ["commit", "1d1d1a767206"],
    ["fstests", "generic/761"],
  ),
  PinnedTooLoosely: note(
    "USE_AFTER_FREE",
    "Memory or blocks that a device may still write to are given to somebody else.",
    "The device writes into another file, or into somebody's memory.",
    ["seed", "004"],
    ["commit", "d6dc57e251a4"],
    ["fstests", "generic/503"],
  ),
  DirtiedBehindBack: note(
    "LOST_WRITE",
    "A device writes to a page through a pin, and nobody marks it dirty in time.",
    "The data is only in memory, and is dropped with the page.",
    ["seed", "004"],
    ["commit", "247e743cbe6e"],
  ),
  WrittenWithoutRight: note(
    "CAN_OF_WORMS",
    "A page is changed by a task that may only read it.",
    "One task writes another's memory or file.",
    ["fstests", "generic/462"],
    ["cve", "CVE-2016-5195"],
    ["cve", "CVE-2022-0847"],
  ),
} as const satisfies Readonly<Record<string, FlagNote>>;

/** The key of a note. */
type Flag = keyof typeof notes;

/** Which note an invariant belongs to: those that have one of their own, and then whole families. */
const flagsByInvariant: readonly (readonly [RegExp, Flag])[] = [
  [/^DAX-ENTRY-[12]$/, "EntryConflict"],
  [/^DAX-ENTRY-5$/, "WaitForever"],
  [/^DAX-ZERO-2$/, "ZeroedTooLate"],
  [/^DAX-TAG-3$/, "MarkedHole"],
  [/^DAX-TAG-4$/, "PartialRemoval"],
  [/^DUR-4$/, "StaleAfterCrash"],
  [/^DUR-5$/, "LostError"],
  [/^COH-2$/, "OverwrittenDirectWrite"],
  [/^INV-3$/, "AddedBehindLock"],
  [/^INV-5$/, "LostByCollapse"],
  [/^INV-6$/, "StaleBlockMap"],
  [/^INV-7$/, "GrowthShowsTail"],
  [/^PIN-[23]$/, "DirtiedBehindBack"],
  [/^DAX-HOLE-/, "HoleHidesBlock"],
  [/^DAX-(?:ENTRY|EMPTY)-/, "EntryOutlivesBlock"],
  [/^DAX-ZERO-/, "BlockNotZeroed"],
  [/^DAX-SIZE-/, "MappedBeyondEnd"],
  [/^DAX-COW-/, "PrivateWriteLeaks"],
  [/^DAX-TAG-/, "MissingMark"],
  [/^DAX-CLEAN-/, "MissedMkclean"],
  [/^DAX-WAIT-/, "EarlyReturn"],
  [/^DUR-/, "NotDurable"],
  [/^(?:META|MSYNC)-/, "MetadataNotDurable"],
  [/^COH-/, "StaleCache"],
  [/^ADD-/, "AddedBehindLock"],
  [/^LOCK-/, "WaitForever"],
  [/^INV-/, "ReadsFreedBlock"],
  [/^WB-/, "PageCacheMkclean"],
  [/^STABLE-/, "UnstablePage"],
  [/^(?:PIN|LAYOUT)-/, "PinnedTooLoosely"],
  [/^RO-/, "WrittenWithoutRight"],
];

/**
 * The flag of an invariant.
 *
 * @throws {RangeError} if it has none: a new family of invariants needs a line here
 */
export function flagOf(invariant: string): Flag {
  const found = flagsByInvariant.find(([ids]) => ids.test(invariant));
  if (found === undefined) throw new RangeError(`no note for ${invariant}`);
  return found[1];
}
