/**
 * `page_fault_user` (arch/x86, from 7.x include/trace/events/exceptions.h): the very beginning of a
 * fault, before any lock is taken.
 *
 * @module
 */
import { userFault } from "../translate/faults.ts";
import { exactNumber, hex, virtualAddress } from "./field_text.ts";
import { tracepoint, type TracepointRow } from "./row.ts";

/** The fields of `page_fault_user` that are used. */
interface PageFault {
  /** The faulting address, not aligned; text if it is the kernel's. */
  readonly address: number | string;
  /** Bit 0 of x86's error code: the page was present, and its protection forbade the access. */
  readonly present: boolean;
}

const PAGE_FAULT = /^address=(\S+) ip=\S+ error_code=(0x[0-9a-f]+|0)$/;

/** Decodes a page fault; undefined if `body` has not its shape. */
export function pageFault(body: string): PageFault | undefined {
  const [, address = "", code = ""] = PAGE_FAULT.exec(body) ?? [];
  const errorCode = exactNumber(code);
  if (errorCode === undefined) return undefined;
  return { address: virtualAddress(address), present: (errorCode & 0x1) !== 0 };
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
