/**
 * A process that ends with the one that started it, however that ends.
 *
 * @module
 */
import { libc } from "./libc.ts";

const setParentDeathSignal = 1;
const kill = 9n;

/** From here on this process is killed when the thread that started it is gone. */
export function dieWithParent(): void {
  libc.prctl(setParentDeathSignal, kill, 0n, 0n, 0n);
}
