/**
 * `page_fault_user` (arch/x86, from 7.x include/trace/events/exceptions.h): the very beginning of a
 * fault, before any lock is taken.
 *
 * @module
 */
import { userFault } from "../translate/faults.ts";
import { FieldCursor } from "./field_cursor.ts";
import { hex, virtualAddress } from "./field_text.ts";
import { tracepoint, type TracepointRow } from "./row.ts";

/** The fields of `page_fault_user` that are used. */
interface PageFault {
  /** The faulting address, not aligned; text if it is the kernel's. */
  readonly address: number | string;
  /** Bit 0 of x86's error code: the page was present, and its protection forbade the access. */
  readonly present: boolean;
}

const text = new FieldCursor();

/** Decodes a page fault; undefined if `body` has not its shape. */
export function pageFault(body: string): PageFault | undefined {
  if (!text.begin(body).passes("address=")) return undefined;
  const address = text.word();
  if (address === "" || !text.passes(" ip=") || text.word() === "") return undefined;
  const code = text.passes(" error_code=") ? text.hexadecimal() : NaN;
  if (!Number.isSafeInteger(code) || !text.isDone()) return undefined;
  return { address: virtualAddress(address), present: code % 2 === 1 };
}

/** Tracepoints of the group `exceptions`. */
export const exceptions: readonly TracepointRow[] = [
  tracepoint("page_fault_user", {
    prints: "none",
    events: "none: the CPU faulted before this line",
    anchor: "before",
    lines: undefined,
    versions: "5.10 to 7.2",
    decode: pageFault,
    binary(layout) {
      const [address, code] = [layout.number("address"), layout.number("error_code")];
      if (address === undefined || code === undefined) return undefined;
      return (event) => {
        const at = address(event);
        const present = code(event) % 2 === 1;
        return { address: Number.isSafeInteger(at) ? at : hex(at), present };
      };
    },
    take: ({ translation, task, record, fields: { address, present } }) =>
      userFault(translation, task, record, present ? "protected" : "nothing", address),
  }),
];
