/**
 * Puts lines of a recording that `trace_pipe` gave late where their times are.
 *
 * `trace_pipe` merges the buffers of the CPUs as far as they are filled. An event has its time before it is
 * in its buffer (`ring_buffer_lock_reserve()`, `ring_buffer_unlock_commit()`), and where a virtual machine's
 * CPU is held up in between, the events of others have long been read. Seen of a guest of 6.12.118 on a
 * loaded machine: 2 of 613,238 lines, by 1.3 and 0.5 ms. `trace`, which is read once tracing is over, has all
 * lines in the order of their times; so has the recording afterwards.
 *
 * @module
 */
import { type Columns, newColumns, readColumns } from "../columns.ts";

const NEWLINE = 0x0a;
/** Lines among which a late one finds its place. */
const window = 65_536;
/** Bytes that are read at a time. */
const chunkSize = 1 << 20;

/** A line, with its newline. */
interface Line {
  readonly bytes: Uint8Array;
  /** Nanoseconds; that of the latest line before it, where it tells none: it keeps its place. */
  readonly time: number;
}

/** What is told of a line: its bytes are `codes` from `start` to `end`. */
type TakeLine = (codes: Uint8Array, start: number, end: number, said: Columns | undefined) => void;

/**
 * Puts late lines of this file where their times are. A line that comes after more than 65,536 which are later
 * stays late. A file without late lines is left as it is.
 *
 * @throws Deno.errors.* if the file cannot be read, or its folder not be written to
 */
export function placeLateLines(path: string): void {
  if (!hasLateLines(path)) return;
  const ordered = `${path}.ordered`;
  const file = Deno.openSync(ordered, { write: true, create: true, truncate: true });
  try {
    let held: Line[] = [];
    let latest = 0;
    readLines(path, (codes, start, end, said) => {
      const time = said?.time ?? latest;
      latest = Math.max(latest, time);
      let place = held.length;
      while (place > 0 && (held[place - 1]?.time ?? 0) > time) place--;
      const line = { bytes: codes.subarray(start, end), time };
      if (place === held.length) held.push(line);
      else held.splice(place, 0, line);
      if (held.length < 2 * window) return;
      writeAll(file, held.slice(0, window));
      held = held.slice(window);
    });
    writeAll(file, held);
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
  readLines(path, (_codes, _start, _end, said) => {
    const time = said?.time ?? latest;
    if (time < latest) found = true;
    else latest = time;
  });
  return found;
}

function writeAll(file: Deno.FsFile, lines: readonly Line[]): void {
  const bytes = new Uint8Array(lines.reduce((sum, line) => sum + line.bytes.length, 0));
  let at = 0;
  for (const line of lines) {
    bytes.set(line.bytes, at);
    at += line.bytes.length;
  }
  for (let done = 0; done < bytes.length;) done += file.writeSync(bytes.subarray(done));
}

/** Reads the lines of a file as bytes, whatever they are: the name of a task need be no text. */
function readLines(path: string, take: TakeLine): void {
  using file = Deno.openSync(path);
  // A character for each byte; only such as are ASCII are looked at.
  const decoder = new TextDecoder("latin1");
  const columns = newColumns();
  let begun = new Uint8Array();
  for (;;) {
    const codes = new Uint8Array(begun.length + chunkSize);
    codes.set(begun);
    const read = file.readSync(codes.subarray(begun.length));
    const length = begun.length + (read ?? 0);
    const text = decoder.decode(codes.subarray(0, length));
    const lines = { text, codes, view: new DataView(codes.buffer) };
    const whole = read === null ? length : codes.lastIndexOf(NEWLINE, length - 1) + 1;
    for (let start = 0; start < whole;) {
      const newline = codes.indexOf(NEWLINE, start);
      const end = newline === -1 || newline >= whole ? whole : newline;
      const isTimed = readColumns(lines, start, end, columns) && columns.seconds;
      const next = Math.min(end + 1, whole);
      take(codes, start, next, isTimed ? columns : undefined);
      start = next;
    }
    if (read === null) return;
    begun = codes.slice(whole, length);
  }
}
