/**
 * Puts lines of a recording that `trace_pipe` gave late where their times are (`lines_in_order.ts`).
 *
 * @module
 */
import { LinesInOrder } from "../lines_in_order.ts";
import { TimedLines } from "../timed_lines.ts";

/** Bytes that are read at a time. */
const chunkSize = 1 << 20;

/**
 * Puts late lines of this file where their times are. A file without late lines is left as it is.
 *
 * @throws Deno.errors.* if the file cannot be read, or its folder not be written to
 */
export function placeLateLines(path: string): void {
  if (!hasLateLines(path)) return;
  const ordered = `${path}.ordered`;
  const file = Deno.openSync(ordered, { write: true, create: true, truncate: true });
  try {
    const lines = new LinesInOrder((bytes) => {
      for (let done = 0; done < bytes.length;) done += file.writeSync(bytes.subarray(done));
    });
    for (const chunk of chunksOf(path)) lines.take(chunk);
    lines.end();
    Deno.renameSync(ordered, path);
  } catch (error) {
    Deno.removeSync(ordered);
    throw error;
  } finally {
    file.close();
  }
}

/** True if a line is earlier than one before it. */
function hasLateLines(path: string): boolean {
  let latest = 0;
  let found = false;
  const lines = new TimedLines((_line, said) => {
    const time = said?.time ?? latest;
    if (time < latest) found = true;
    else latest = time;
  });
  for (const chunk of chunksOf(path)) {
    lines.take(chunk);
    if (found) return true;
  }
  lines.end();
  return found;
}

/** The bytes of a file. */
function* chunksOf(path: string): Generator<Uint8Array> {
  using file = Deno.openSync(path);
  const chunk = new Uint8Array(chunkSize);
  for (let read = file.readSync(chunk); read !== null; read = file.readSync(chunk)) {
    yield chunk.subarray(0, read);
  }
}
