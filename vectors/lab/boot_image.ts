/**
 * The header of a bzImage.
 *
 * Source: Documentation/arch/x86/boot.rst.
 *
 * @module
 */

/** Where fields of the setup header lie. */
const field = { magic: 0x202, version: 0x20e } as const;

/** What `uname -r` will say of a bzImage; undefined if it is none. */
export function releaseOf(image: Uint8Array): string | undefined {
  if (image.length < 0x1000) return undefined;
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
  if (new TextDecoder().decode(image.subarray(field.magic, field.magic + 4)) !== "HdrS") {
    return undefined;
  }
  const at = view.getUint16(field.version, true) + 0x200;
  const end = image.indexOf(0, at);
  const [release] = new TextDecoder().decode(image.subarray(at, end)).split(" ");
  return release === "" ? undefined : release;
}
