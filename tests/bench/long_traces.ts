/**
 * Long traces that are made while they are read: one of events that no rule wants, and one of the page
 * cache, from a recording that repeats itself.
 *
 * @module
 */

/** Lines that are handed on at once. */
const some = 1000;

/** A stream of `count` lines; the one at `index` is made by `line`. */
function streamOf(
  count: number,
  line: (index: number) => string,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  let next = 0;
  return new ReadableStream({
    pull(controller) {
      if (next >= count) return controller.close();
      const lines: string[] = [];
      for (const end = Math.min(count, next + some); next < end; next++) lines.push(line(next));
      controller.enqueue(encoder.encode(lines.join("")));
    },
  }, { highWaterMark: 0 });
}

function printed(microseconds: number): string {
  return `${Math.floor(microseconds / 1e6)}.${String(microseconds % 1e6).padStart(6, "0")}`;
}

/** A trace of `count` switches of tasks. */
export function switches(count: number): ReadableStream<Uint8Array<ArrayBuffer>> {
  return streamOf(count, (index) => {
    const pid = 1000 + index % 7;
    const columns = `${"worker".padStart(16)}-${pid}    [00${index % 2}] d..2. `;
    const fields = `prev_comm=worker prev_pid=${pid} prev_prio=120 prev_state=S ==> ` +
      `next_comm=swapper/${index % 2} next_pid=0 next_prio=120`;
    return `${columns}${printed(1e7 + index * 10)}: sched_switch: ${fields}\n`;
  });
}

/** The events of a recording again and again, each time later, until there are `count`. */
export function repeated(
  recording: string,
  count: number,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const events = recording.split("\n").flatMap((line) => {
    const [, before, seconds, fraction, after] = /^(.{16}-.*? )(\d+)\.(\d{6})(: .*)$/.exec(line) ??
      [];
    return before === undefined ? [] : [{ before, time: Number(`${seconds}${fraction}`), after }];
  });
  const [first, last] = [events.at(0)?.time ?? 0, events.at(-1)?.time ?? 0];
  const length = last - first + 1000;
  return streamOf(count, (index) => {
    const event = events[index % events.length];
    if (event === undefined) return "";
    const time = event.time + Math.floor(index / events.length) * length;
    return `${event.before}${printed(time)}${event.after}\n`;
  });
}
