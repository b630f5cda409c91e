/**
 * Locks that several tasks may hold at a time if they hold them in the same mode (`mode_lock.ts`).
 *
 * @module
 */
import type { LockMode, LockRequest } from "../mode_lock.ts";

/** `bch2_two_state_lock`, `gfs2_glock_nq`. [chapter 3] */
export interface Lock extends LockRequest {
  readonly kind: "lock";
  /** What a diagram calls the lock: `pagecache_add_lock(X)`. */
  readonly name: string;
}
/** `bch2_two_state_unlock`, `gfs2_glock_dq`: what the task took last. */
interface Unlock {
  readonly kind: "unlock";
  readonly task: number;
  readonly lock: number;
}
/** A fault cannot have the lock just now: it sleeps until it can, or fails with SIGBUS. */
interface Contend {
  readonly kind: "contend";
  readonly task: number;
  readonly lock: number;
  readonly mode: LockMode;
  readonly and: "sleeps" | "fails";
}

/**
 * Events of locks with modes.
 *
 * @internal
 */
export type LockEvent = Lock | Unlock | Contend;
