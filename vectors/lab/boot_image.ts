/**
 * The header of a bzImage, and what is packed in it.
 *
 * Source: Documentation/arch/x86/boot.rst.
 *
 * @module
 */

import type { Packing } from "../kernel/unpack.ts";

/** Where fields of the setup header lie. */
const field = {
  sectors: 0x1f1,
  magic: 0x202,
  protocol: 0x206,
  version: 0x20e,
  payload: 0x248,
  length: 0x24c,
} as const;

/** The first protocol that tells where the payload is. */
const withPayload = 0x208;

/** How a payload of those first bytes is packed. */
const packings: readonly (readonly [magic: string, packing: Packing])[] = [
  ["1f8b", "gzip"],
  ["fd377a585a00", "xz"],
  ["28b52ffd", "zstd"],
];

/** What `uname -r` will say of a bzImage; undefined if it is none. */
export function releaseOf(image: Uint8Array): string | undefined {
  const view = setupOf(image);
  if (view === undefined) return undefined;
  const at = view.getUint16(field.version, true) + 0x200;
  const end = image.indexOf(0, at);
  const [release] = new TextDecoder().decode(image.subarray(at, end)).split(" ");
  return release === "" ? undefined : release;
}

/** The kernel in a bzImage as it is packed; undefined if the header does not tell, or it is packed otherwise. */
export function payloadOf(
  image: Uint8Array<ArrayBuffer>,
): { readonly packing: Packing; readonly bytes: Uint8Array<ArrayBuffer> } | undefined {
  const view = setupOf(image);
  if (view === undefined || view.getUint16(field.protocol, true) < withPayload) return undefined;
  const sectors = view.getUint8(field.sectors) || 4;
  const from = (sectors + 1) * 512 + view.getUint32(field.payload, true);
  const bytes = image.subarray(from, from + view.getUint32(field.length, true));
  const begin = bytes.subarray(0, 6).toHex();
  const packing = packings.find(([magic]) => begin.startsWith(magic))?.[1];
  if (packing === undefined) return undefined;
  // Its length, unpacked, follows what does not end with it as gzip does.
  return { packing, bytes: packing === "gzip" ? bytes : bytes.subarray(0, -4) };
}

/** The header and what follows; undefined if it is not there. */
function setupOf(image: Uint8Array): DataView | undefined {
  if (image.length < 0x1000) return undefined;
  const magic = new TextDecoder().decode(image.subarray(field.magic, field.magic + 4));
  if (magic !== "HdrS") return undefined;
  return new DataView(image.buffer, image.byteOffset, image.byteLength);
}
