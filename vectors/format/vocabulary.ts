/**
 * The closed lists of words that vectors use. They are the public interface of the suite: a word is
 * added with a new minor version of the schema and never changes its meaning.
 *
 * @module
 */

/** What files, processes, operations, descriptors and mappings of a vector can be called. */
export const namePattern = "^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$";

const name = new RegExp(namePattern);

/** True for a name, which is no path and no word of JavaScript's own. */
export function isName(value: unknown): value is string {
  return typeof value === "string" && name.test(value);
}

/** What a user of a buggy implementation would suffer. */
export const bugClasses = {
  LOST_WRITE: "data that was stored, or promised to be durable, is gone",
  STALE_READ: "a read or load returns what has been overwritten or removed",
  EXPOSED_BLOCK:
    "content of a block that belongs to somebody else, or to nobody, is seen or changed",
  LOST_ERROR: "an error that a caller should have been told is not reported",
  USE_AFTER_FREE: "memory is used by whom it does not belong to any more",
  MISSED_INVALIDATION: "a page table, a folio or an entry outlives what it stands for",
  TORN_STATE: "two parts of the state that must agree are seen, or stay, apart",
  STUCK: "a task waits for ever",
  CAN_OF_WORMS: "what happens is not defined, and none of it is good",
} as const;

/** A word of {@link bugClasses}. */
export type BugClass = keyof typeof bugClasses;

/**
 * What an implementation must be able to do before it can run a vector. One that lacks a capability
 * skips the vector and says which it lacks.
 */
export const capabilities = {
  mmap: "maps a file shared, loads and stores through the mapping",
  private_mmap: "maps a file private",
  map_sync: "maps with MAP_SHARED_VALIDATE | MAP_SYNC",
  pmd: "maps ranges of several pages by one entry of a page table",
  flush_cache: "user space flushes cache lines and fences",
  direct_io: "reads and writes with O_DIRECT",
  async_io: "submits direct I/O and collects it later",
  dsync: "opens with O_DSYNC or O_SYNC, and writes with RWF_DSYNC",
  msync: "msync of a range",
  sync_file_range: "sync_file_range of a range",
  syncfs: "syncfs",
  preallocate: "fallocate without a mode: allocated blocks that read as zeros",
  punch_hole: "fallocate with FALLOC_FL_PUNCH_HOLE",
  zero_range: "fallocate with FALLOC_FL_ZERO_RANGE",
  collapse_range: "fallocate with FALLOC_FL_COLLAPSE_RANGE",
  insert_range: "fallocate with FALLOC_FL_INSERT_RANGE",
  unshare_range: "fallocate with FALLOC_FL_UNSHARE_RANGE",
  enospc: "fallocate of 2 TiB fails with ENOSPC, and may fill the disk until then",
  reflink: "two files share an extent until one is written",
  copy_file_range: "copy_file_range between two files",
  splice: "splice of a file into a pipe, and out of it into another file",
  names: "rename over another file, a second name by link, and fsync of the directory",
  crash: "loses power on request and comes back: what was not durable is gone",
  inject_error: "lets a write to the device fail on request",
  evict: "drops clean pages from the page cache on request",
  forced_schedule: "runs steps of several processes in an order that the vector gives",
  internal_tags: "shows marks, locks and entries that no system call returns",
  events: "takes a sequence of model events and gives a verdict, as a checker or a model does",
} as const;

/** A word of {@link capabilities}. */
export type Capability = keyof typeof capabilities;

/** The systems of the catalogue, one chapter and one file of the suite each. */
export const systems = {
  A: "DAX faults, holes and allocation",
  B: "Who makes what durable",
  C: "Page-cache additions against direct I/O",
  D: "mkclean and writeback of DAX entries",
  E: "Pins, stable pages and layouts",
  F: "Hole punch, truncate and collapse against faults and reads",
} as const;

/** The letter of a system. */
export type System = keyof typeof systems;

/** What a reference points at. */
export const referenceKinds = {
  seed: "number of a mailing-list thread that a system of the catalogue began with: 000 to 004",
  commit: "commit of Linux, its first 12 hex digits",
  cve: "number in the CVE list",
  fstests: "test of xfstests, such as generic/729",
  kernel: "versions of Linux, and the file where the code stands",
  recording: "name of a trace in vectors/recorded/",
  catalogue: "row of the catalogue of litmus vectors: L1 to L28, K1 to K45, E1 to E10",
} as const;

/** A word of {@link referenceKinds}. */
export type ReferenceKind = keyof typeof referenceKinds;
