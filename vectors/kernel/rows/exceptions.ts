/**
 * `page_fault_user` (arch/x86, from 7.x include/trace/events/exceptions.h): the very beginning of a
 * fault, before any lock is taken.
 *
 * @module
 */
import type { FieldCursor } from "./field_cursor.ts";
import { hex, virtualAddress } from "./field_text.ts";
import type { SharedRow } from "./row.ts";
import type { SharedReading } from "./shared_reading.ts";

/** The fields of `page_fault_user` that are used. */
interface PageFault {
  /** The faulting address, not aligned; text if it is the kernel's. */
  readonly address: number | string;
  /** Bit 0 of x86's error code: the page was present, and its protection forbade the access. */
  readonly present: boolean;
}

/** Decodes a page fault; undefined if the text has not its shape. */
export function pageFault(text: FieldCursor): PageFault | undefined {
  if (!text.passes("address=")) return undefined;
  const word = text.numberOrWord();
  if (word === "" || !text.passes(" ip=") || !text.passesWord()) return undefined;
  const code = text.passes(" error_code=") ? text.hexadecimal() : NaN;
  if (!Number.isSafeInteger(code) || !text.isDone()) return undefined;
  const address = typeof word === "number" ? word : virtualAddress(word);
  return { address, present: code % 2 === 1 };
}

function readingOf({ address, present }: PageFault): SharedReading {
  return { kind: "user_fault", found: present ? "protected" : "nothing", address };
}

/** Lines of the group `exceptions`. */
export const exceptions: readonly SharedRow[] = [
  {
    source: "page_fault_user",
    words: "address error_code",
    events: "none: the CPU faulted before this line",
    says: "the task takes a page fault",
    anchor: "before",
    lines: undefined,
    versions: "5.10 to 7.3",
    readFields: (text) => {
      const fault = pageFault(text);
      return fault && readingOf(fault);
    },
    binary(layout) {
      const [address, code] = [layout.number("address"), layout.number("error_code")];
      if (address === undefined || code === undefined) return undefined;
      return (event) => {
        const at = address(event);
        const present = code(event) % 2 === 1;
        return readingOf({ address: Number.isSafeInteger(at) ? at : hex(at), present });
      };
    },
  },
];
