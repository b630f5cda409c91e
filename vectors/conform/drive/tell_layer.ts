/**
 * What a process of a vector says to the device that loses power.
 *
 * @module
 */
import type { StoreMarker } from "../power_cut/stored_bytes.ts";
import { checked, cString, libc, Open } from "./libc.ts";

/** How a process says it. */
export interface Power {
  /** The file by which it says that power fails. */
  readonly layer: string;
  /** True if it says there, too, what it stores through mappings. */
  readonly marksStores: boolean;
}

/** Says, through a layer's file, that power fails now, or what is stored; the name of an error, or 0. */
export function tellLayer(
  layer: string,
  what: StoreMarker | { readonly kind: "cut" },
): number | string {
  const fd = checked(libc.open(cString(layer), Open.WRONLY, 0));
  if (typeof fd === "string") return fd;
  const text = new TextEncoder().encode(JSON.stringify(what));
  const count = checked(libc.write(fd, text, BigInt(text.length)));
  libc.close(fd);
  return typeof count === "string" ? count : 0;
}
