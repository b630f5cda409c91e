/**
 * What a device that loses power is to those who cut it: blocks, or memory.
 *
 * @module
 */
import type { Recorded, StoreCommand } from "./store_command.ts";

/** A device whose writes are logged, and that can hold any image that they may leave. */
export interface PowerLayer {
  /** The device that file systems are mounted from. */
  readonly device: {
    readonly path: string;
    /** Nothing of it stays in the cache of the block device. */
    readonly forget: () => void;
  };
  /** The file by which a process says that power fails now. */
  readonly control: string;
  /** True if processes must say which bytes they store, for nothing else sees it. */
  readonly marksStores: boolean;
  /** Gives a command, and waits until it is done. */
  readonly tell: (command: StoreCommand) => void;
  /** The processes have ended; what the kernel does on the mounted file system before it is unmounted. */
  readonly settle: (point: string) => void;
  /** What was written since recording began. */
  readonly recorded: () => Recorded;
  /** Takes it away. */
  readonly close: () => void;
}
