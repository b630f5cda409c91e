/**
 * Fields of `page_fault_user` and `page_fault_kernel` (arch/x86, from 7.x
 * include/trace/events/exceptions.h).
 *
 * @module
 */

import { exactNumber, virtualAddress } from "./field_text.ts";

/** The very beginning of a fault, before any lock is taken. */
interface PageFault {
  /** The faulting address, not aligned; text if it is the kernel's. */
  readonly address: number | string;
  /** The instruction; text if it is the kernel's. */
  readonly ip: number | string;
  /** The raw bits of x86's error code. */
  readonly errorCode: number;
  /** Bit 0: the page was present, and its protection forbade the access. */
  readonly present: boolean;
  /** Bit 1. */
  readonly write: boolean;
  /** Bit 2: the processor was in user mode. */
  readonly user: boolean;
  /** Bit 4. */
  readonly instruction: boolean;
}

const PAGE_FAULT = /^address=(\S+) ip=(\S+) error_code=(0x[0-9a-f]+|0)$/;

/** Decodes a page fault; undefined if `body` has not its shape. */
export function pageFault(body: string): PageFault | undefined {
  const [, address = "", ip = "", code = ""] = PAGE_FAULT.exec(body) ?? [];
  const errorCode = exactNumber(code);
  if (errorCode === undefined) return undefined;
  return {
    address: virtualAddress(address),
    ip: virtualAddress(ip),
    errorCode,
    present: (errorCode & 0x1) !== 0,
    write: (errorCode & 0x2) !== 0,
    user: (errorCode & 0x4) !== 0,
    instruction: (errorCode & 0x10) !== 0,
  };
}
