/**
 * The lines of io_uring (include/trace/events/io_uring.h): which request a task goes on with, and what comes
 * of it. A sync call is always made by a worker of io_uring, in no system call.
 *
 * @module
 */
import type { FieldCursor } from "./field_cursor.ts";
import type { CacheRow } from "./row.ts";
import { keptAddress } from "./words.ts";

/** The pointer to a request, with `name` before it; undefined if it is none, or NULL. */
function requestIn(fields: FieldCursor, name: string): string | undefined {
  if (!fields.passes("ring ") || !fields.passesWord() || !fields.passes(name)) return undefined;
  const word = fields.word();
  const address = word.endsWith(",") ? keptAddress(word.slice(0, -1)) : undefined;
  return address === undefined || /^(?:0x)?0+$/.test(address) ? undefined : address;
}

function submitted(source: string, name: string, says: string, versions: string): CacheRow {
  return {
    source,
    words: `${name} opcode`,
    says,
    anchor: "before",
    versions,
    readFields: (fields) => {
      const request = requestIn(fields, ` ${name} `);
      if (request === undefined || !fields.skips(" opcode ")) return "nothing";
      const opcode = fields.word();
      if (!opcode.endsWith(",")) return undefined;
      const first = name === "req";
      return { kind: "request_submitted", request, first, syncs: opcode === "FSYNC," };
    },
  };
}

/** The lines of io_uring. Those of 5.10 name no request. */
export const ioUringRows: readonly CacheRow[] = [
  submitted(
    "io_uring_submit_req",
    "req",
    "a request of io_uring begins; none that had its address goes on",
    "6.12, 6.18",
  ),
  submitted(
    "io_uring_submit_sqe",
    "req",
    "the same, as it is called on older kernels",
    "6.1",
  ),
  submitted(
    "io_uring_queue_async_work",
    "request",
    "the same of a request that a worker makes, as it makes every fsync",
    "6.1 to 6.18",
  ),
  {
    source: "io_uring_file_get",
    words: "req fd",
    says: "the task goes on with this request; if it syncs next, it is for it",
    anchor: "before",
    versions: "6.1 to 6.18",
    readFields: (fields) => {
      const request = requestIn(fields, " req ");
      return request === undefined ? "nothing" : { kind: "request_taken", request };
    },
  },
  {
    source: "io_uring_complete",
    words: "req result",
    says: "the request is over, with this result; its sync call has returned before",
    anchor: "after",
    versions: "6.1 to 6.18",
    readFields: (fields) => {
      const request = requestIn(fields, " req ");
      if (request === undefined) return "nothing";
      if (!fields.skips(" result ")) return undefined;
      const result = fields.decimal();
      if (!Number.isSafeInteger(result)) return undefined;
      return { kind: "request_completed", request, result };
    },
  },
];
