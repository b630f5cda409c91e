/**
 * What happens to pages that somebody has pinned, and what devices do to them.
 *
 * @module
 */

interface OnPage {
  readonly task: number;
  readonly page: number;
}

/** GUP takes a pin, or a reference, on the folio that the mapping's PTE points at. */
interface Pin extends OnPage {
  readonly kind: "pin";
  readonly mapping: number;
  /** True with FOLL_LONGTERM: the pin is to be held for as long as the program likes. */
  readonly longterm?: true;
}
/** GUP refuses a pin that it will not give. */
interface RefusePin extends OnPage {
  readonly kind: "refuse_pin";
  readonly mapping: number;
  readonly longterm?: true;
}
/** A device writes to the pinned folio: no PTE, no fault, no dirty tracking. */
interface DmaWrite extends OnPage {
  readonly kind: "dma_write";
  readonly writes: number;
}
/** `set_page_dirty_lock` by the owner of the pin: the file system is not asked. */
interface MarkPinnedDirty extends OnPage {
  readonly kind: "mark_pinned_dirty";
}
/** The pin is given back. */
interface Unpin extends OnPage {
  readonly kind: "unpin";
}
/** What is in the pinned buffer of a direct write is settled: its checksum, its parity. */
interface SettleBuffer extends OnPage {
  readonly kind: "settle_buffer";
}
/** The device takes the pinned buffer from memory, or a copy of it that was made when it was settled. */
interface SendBuffer extends OnPage {
  readonly kind: "send_buffer";
  readonly bounced?: true;
}
/** DAX: GUP pins the block itself. */
interface PinBlock extends OnPage {
  readonly kind: "pin_block";
}
/** DAX: the pin on the block is given back. */
interface UnpinBlock extends OnPage {
  readonly kind: "unpin_block";
}
/** DAX: a device writes to the block that the task has pinned, whoever owns it by now. */
interface DmaWriteBlock extends OnPage {
  readonly kind: "dma_write_block";
  readonly writes: number;
}
/** DAX: layout breaking goes to sleep until a pin is given back. */
interface SleepOnPins extends OnPage {
  readonly kind: "sleep_on_pins";
}

/**
 * Events of pins.
 *
 * @internal
 */
export type PinEvent =
  | Pin
  | RefusePin
  | DmaWrite
  | MarkPinnedDirty
  | Unpin
  | SettleBuffer
  | SendBuffer
  | PinBlock
  | UnpinBlock
  | DmaWriteBlock
  | SleepOnPins;
