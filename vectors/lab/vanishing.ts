/**
 * Files and folders that are gone when this process is, however it ends: another process waits for that
 * and removes them.
 *
 * @module
 */

/** Waits until nobody can write to its standard input any more. It may meet one that is being killed. */
const script = 'cat >/dev/null; for each in 1 2 3; do rm -rf "$0"; sleep 0.1; done';

/** Removes a path when it is disposed of, or when this process ends, even by SIGKILL. */
export function vanishing(path: string): AsyncDisposable {
  const waiting = new Deno.Command("sh", {
    args: ["-c", script, path],
    ...{ stdin: "piped", stdout: "null", stderr: "null" },
    // In a process group of its own: what interrupts this one must not end it.
    detached: true,
  }).spawn();
  return {
    [Symbol.asyncDispose]: async () => {
      await waiting.stdin.close().catch(() => {});
      await waiting.status;
    },
  };
}
