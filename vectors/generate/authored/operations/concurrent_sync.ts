/**
 * System B: several processes that store and sync at once.
 *
 * @module
 */
import { commit, kernel, litmus } from "../sequence.ts";
import {
  after,
  anywhere,
  as,
  bytes,
  crashAndRead,
  fsync,
  hole,
  mmap,
  open,
  page,
  pageCache,
  pread,
  pwrite,
  store,
  syncfs,
  written,
  type WrittenVector,
} from "./written.ts";

/** Sync calls beside others. */
export const concurrentSync: readonly WrittenVector[] = [
  {
    name: "fsync-beside-syncfs",
    system: "B",
    about: "DUR-1",
    also: ["WB-TOWRITE-1"],
    says:
      "What was written before fsync was called is durable, though syncfs writes it at once too.",
    references: [litmus("K33"), commit("1c8349a17137")],
    configuration: pageCache,
    files: { f: hole() },
    processes: [
      [
        open("a", "f"),
        as("w", pwrite("a", 0, page, 1)),
        after("o", fsync("a")),
        ...crashAndRead("r", "f"),
      ],
      [as("o", open("b", "f")), after("w", as("s", syncfs("b")))],
    ],
    allowed: [{ r: bytes(1, 1) }, { s: "cut", r: bytes(1, 1) }],
    forbidden: [{ s: "cut", r: bytes(1, 0) }],
  },
  {
    name: "fsync-beside-an-fsync-of-another-file",
    system: "B",
    about: "DUR-1",
    says: "fsync makes durable what its caller has written, though another call commits just then.",
    references: [kernel("fs/ext4/fast_commit.c, 6.12 and 7.3, ext4_fc_commit()")],
    configuration: pageCache,
    files: { f: hole(), g: hole() },
    processes: [
      [
        open("a", "f"),
        as("w", pwrite("a", 0, page, 1)),
        after("o", as("other", fsync("a"))),
      ],
      [
        as("o", open("b", "g")),
        after("w", pwrite("b", 0, page, 2)),
        fsync("b"),
        ...crashAndRead("r", "g"),
      ],
    ],
    allowed: [{ r: bytes(1, 2) }, { other: "cut", r: bytes(1, 2) }],
    forbidden: [{ r: bytes(1, 0) }, { other: "cut", r: bytes(1, 0) }],
  },
  {
    name: "fsync-of-another-process",
    system: "B",
    about: "DUR-1",
    says: "fsync makes durable what another process stored before.",
    references: [litmus("K37")],
    configuration: anywhere,
    files: { f: hole() },
    processes: [
      [open("a", "f"), mmap("A", "a"), as("s", store("A", 0, 1))],
      [open("b", "f"), after("s", fsync("b")), ...crashAndRead("r", "f")],
    ],
    allowed: [{ r: bytes(1, 1) }],
    forbidden: [{ r: bytes(1, 0) }],
  },
  {
    name: "store-through-the-other-mapping",
    system: "B",
    about: "WB-CLEAN-1",
    also: ["DUR-1"],
    says:
      "Two processes map one page and store to it; after an fsync the second stores again, and the " +
      "next fsync makes that durable too.",
    references: [commit("3ee6dafc677a")],
    configuration: anywhere,
    files: { f: hole() },
    processes: [
      [
        open("a", "f"),
        mmap("A", "a"),
        as("first", store("A", 0, 1)),
        after("second", as("synced", fsync("a"))),
        after("third", fsync("a")),
        ...crashAndRead("r", "f"),
      ],
      [
        open("b", "f"),
        mmap("B", "b"),
        after("first", as("second", store("B", 0, 2))),
        after("synced", as("third", store("B", 0, 3))),
      ],
    ],
    allowed: [{ r: bytes(1, 3) }],
    forbidden: [{ r: bytes(1, 2) }],
  },
  {
    name: "direct-read-after-the-other-mapping",
    system: "B",
    about: "WB-CLEAN-1",
    also: ["COH-4"],
    says:
      "Two processes map one page and store to it; after an fsync the second stores again, and a " +
      "direct read after the next fsync sees that.",
    references: [commit("3ee6dafc677a")],
    configuration: pageCache,
    files: { f: written(9) },
    processes: [
      [
        open("a", "f"),
        open("d", "f", "O_DIRECT"),
        mmap("A", "a"),
        as("first", store("A", 0, 1)),
        after("second", as("synced", fsync("a"))),
        after("third", fsync("a")),
        as("r", pread("d", 0, page)),
      ],
      [
        open("b", "f"),
        mmap("B", "b"),
        after("first", as("second", store("B", 0, 2))),
        after("synced", as("third", store("B", 0, 3))),
      ],
    ],
    allowed: [{ r: [[1, 3], [4095, 9]] }],
    forbidden: [{ r: [[1, 2], [4095, 9]] }],
  },
  {
    name: "two-fsyncs-at-once",
    system: "B",
    about: "DAX-WAIT-1",
    also: ["DUR-1"],
    says:
      "Two processes call fsync for one store; whichever returns, the store is durable, though the " +
      "other has not returned.",
    references: [
      kernel("fs/dax.c, 5.10 to 7.2, dax_writeback_one(): TOWRITE is cleared too early"),
    ],
    configuration: anywhere,
    files: { f: hole() },
    processes: [
      [
        open("a", "f"),
        mmap("A", "a"),
        as("s", store("A", 0, 1)),
        after("o", as("other", fsync("a"))),
      ],
      [as("o", open("b", "f")), after("s", fsync("b")), ...crashAndRead("r", "f")],
    ],
    allowed: [{ r: bytes(1, 1) }, { other: "cut", r: bytes(1, 1) }],
    forbidden: [{ other: "cut", r: bytes(1, 0) }],
  },
];
