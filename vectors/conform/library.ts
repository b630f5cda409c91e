/**
 * The conformance vectors as tests of your own repository, one test a vector. It reads no file and needs
 * no permission.
 *
 * ```ts ignore
 * import { conformance, fileSystem } from "@pagespec/pagespec/conform";
 * import { MyFileSystem } from "./my_file_system.ts";
 *
 * const driver = fileSystem({
 *   name: "myfs",
 *   capabilities: ["mmap", "direct_io", "crash"],
 *   start: (files) => new MyFileSystem(files),
 * });
 *
 * conformance(Deno.test, driver);
 * ```
 *
 * With node:test it is `conformance(nodeTest(test), driver)`, with vitest `conformance(vitest(test),
 * driver)`. A driver may also be written by hand: an object with `name`, `capabilities`, `schedules` and
 * `answer`, as one that judges events is. The contract is `vectors/README.md`.
 *
 * @module
 */
export { conformance, type ConformanceOptions, type MakeDriver } from "./library/conformance.ts";
export { type FileSystem, fileSystem } from "./library/file_system.ts";
export type { Perform, Performed, Returned, RunningFileSystem } from "./library/operations.ts";
export {
  nodeTest,
  type Register,
  type Test,
  type TestContext,
  type TestFunction,
  vitest,
} from "./library/register.ts";
export {
  type Bytes,
  type Errno,
  type Failure,
  failures,
  type Observation,
  type Result,
} from "../../model/operation/observation.ts";
export type {
  BetweenDescriptors,
  Close,
  Common,
  CopyFileRange,
  Crash,
  Evict,
  Fallocate,
  FallocateMode,
  Fdatasync,
  FlushCache,
  Fsync,
  FsyncDirectory,
  Ftruncate,
  InjectError,
  InMapping,
  Link,
  Load,
  Mmap,
  Msync,
  Munmap,
  OnDescriptor,
  OnMapping,
  OnNames,
  Open,
  OpenFlag,
  Operation,
  OperationKind,
  OperationOf,
  Pread,
  Pwrite,
  Ranged,
  Reflink,
  Rename,
  Splice,
  Store,
  SyncFileRange,
  Syncfs,
} from "../../model/operation/operation.ts";
export type { Extent, FileStart, Process, Scenario } from "../../model/operation/scenario.ts";
export type { Breach, EventVerdict, Sequence, Start, WorldBounds } from "../format/event_vector.ts";
export type { Configuration } from "../format/vector.ts";
export { capabilities, type Capability } from "../format/vocabulary.ts";
export type { Driver } from "./driver.ts";
export type {
  Answer,
  CountedObservation,
  EventQuestion,
  JudgedVerdict,
  OperationQuestion,
  Question,
  QuestionHead,
  Schedule,
  TriedImages,
} from "./protocol.ts";
