/**
 * Standard input as a trace that may have no end, such as tracefs' trace_pipe.
 *
 * @module
 */

/** Milliseconds without a byte after which an interrupted input is over: its writer may be gone, or not. */
const quietFor = 200;

/**
 * Standard input to its end, or until the user interrupts it (SIGINT, ^C): what came until then is still
 * judged. A second interrupt ends the process as it always does.
 */
export function standardInput(): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = Deno.stdin.readable.getReader();
  let isInterrupted = false;
  let isDone = false;
  let quiet: ReturnType<typeof setTimeout> | undefined;
  let giveUp = (): void => {};
  const listen = (): void => {
    quiet = setTimeout(() => giveUp(), quietFor);
  };
  const interrupt = (): void => {
    isInterrupted = true;
    Deno.removeSignalListener("SIGINT", interrupt);
    listen();
  };
  Deno.addSignalListener("SIGINT", interrupt);
  const stop = (): void => {
    if (isDone) return;
    isDone = true;
    if (!isInterrupted) Deno.removeSignalListener("SIGINT", interrupt);
  };
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      if (isInterrupted) listen();
      const bytes = await new Promise<Uint8Array<ArrayBuffer> | undefined>((resolve, reject) => {
        giveUp = () => resolve(undefined);
        reader.read().then(({ value }) => resolve(value), reject);
      });
      clearTimeout(quiet);
      if (bytes !== undefined) return controller.enqueue(bytes);
      stop();
      controller.close();
    },
    async cancel(reason) {
      stop();
      await reader.cancel(reason);
    },
  });
}
