/**
 * What the block layer is told through its file `control`, and what can be read there: one JSON value
 * each way.
 *
 * @module
 */
import type { ImageFile } from "./image_file.ts";
import type { DevicePages, Survivor } from "./store.ts";

/** What the block layer is told. */
export type StoreCommand =
  /** What is there now is what every image begins with. */
  | { readonly kind: "keep" }
  /** The device below is what every image begins with. */
  | { readonly kind: "reset" }
  /** Writes are logged from here on. */
  | { readonly kind: "record" }
  /** Power may fail from here on. */
  | { readonly kind: "cut" }
  /** The device of images holds this one from here on. */
  | { readonly kind: "show"; readonly survivors: readonly Survivor[] };

/** The log of a recording, without the bytes. */
export interface Recorded {
  /** In the order in which the device took them. */
  readonly writes: readonly {
    readonly offset: number;
    readonly length: number;
    /** The number of the flush that made it durable; 0 if none did. */
    readonly flush: number;
    /** Flushes that had ended before the write came. */
    readonly after: number;
  }[];
  /** Flushes in all. */
  readonly flushes: number;
  /** Writes and flushes that had been taken when power was said to fail. */
  readonly cut: { readonly writes: number; readonly flushes: number };
}

/** Does what a text asks for; false if it asks for nothing that there is. */
export function obey(store: DevicePages, file: ImageFile, text: string): boolean {
  const command = commandOf(text);
  switch (command?.kind) {
    case "keep":
      store.keep();
      return true;
    case "reset":
      store.reset();
      return true;
    case "record":
      store.record();
      return true;
    case "cut":
      store.markCut();
      return true;
    case "show":
      store.show(command.survivors);
      file.hold(store.pages());
      return true;
    default:
      return false;
  }
}

/** What can be read: the log. */
export function summaryOf(store: DevicePages): string {
  const recorded: Recorded = {
    writes: store.log.map(({ offset, bytes, flush, after }) => ({
      offset,
      length: bytes.length,
      flush,
      after,
    })),
    flushes: store.flushes,
    cut: store.cut,
  };
  return JSON.stringify(recorded);
}

function commandOf(text: string): StoreCommand | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
