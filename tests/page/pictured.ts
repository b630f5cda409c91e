/**
 * What README's pictures show, and by what they are known to be fresh: each PNG carries a digest of it.
 *
 * @module
 */
import { assert } from "@std/assert";
import { crc32 } from "node:zlib";
import { checkDocument } from "../../vectors/command/picture/check_document.ts";
import { checkTrace } from "../../vectors/kernel/check_trace.ts";
import { recordedFolder } from "../../vectors/kernel/recorded_card.ts";
import { traceSource } from "../../vectors/kernel/trace_source.ts";
import type { CheckDocument } from "../../vectors/page/document.ts";
import style from "../../vectors/page/style.css" with { type: "text" };

/** The picture in light and in dark, by the color scheme of who reads README. */
export const picturedFiles = {
  light: "spec/5.10-mkclean-ext4.png",
  dark: "spec/5.10-mkclean-ext4-dark.png",
} as const;

/** The report of the recording that is shown. */
export async function pictured(): Promise<CheckDocument> {
  const path = "5.10-mkclean-ext4.trace.txt";
  const source = await traceSource(`${recordedFolder}/${path}`, true);
  const trace = await source.open();
  assert(trace.kind === "trace");
  const options = { path, kernel: "5.10.262" };
  const result = await checkTrace(trace, options);
  return await checkDocument([{ result, source, options }], [], { most: 1 });
}

/** Digest of what is drawn: the breach, its sentence and the style. */
export async function sourceOf({ breaches, invariants }: CheckDocument): Promise<string> {
  const [breach] = breaches;
  assert(breach !== undefined);
  const sentence = invariants.find(({ id }) => id === breach.id)?.sentence;
  const drawn = JSON.stringify({ ...breach, lines: [], sentence, style });
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(drawn));
  return new Uint8Array(digest).toHex();
}

const keyword = "Source";
/** A PNG begins with 8 bytes of signature, then its header in a chunk of 25. */
const afterHeader = 33;

/** The PNG with a digest in a text chunk after its header. */
export function withSource(png: Uint8Array, digest: string): Uint8Array {
  const text = new TextEncoder().encode(`tEXt${keyword}\0${digest}`);
  const chunk = new Uint8Array(text.length + 8);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, text.length - 4);
  chunk.set(text, 4);
  view.setUint32(text.length + 4, crc32(text));
  const whole = new Uint8Array(png.length + chunk.length);
  whole.set(png.subarray(0, afterHeader));
  whole.set(chunk, afterHeader);
  whole.set(png.subarray(afterHeader), afterHeader + chunk.length);
  return whole;
}

/** The digest that a PNG carries; empty if it carries none. */
export function sourceIn(png: Uint8Array): string {
  const text = new TextDecoder("latin1").decode(png.subarray(afterHeader, afterHeader + 128));
  return new RegExp(`tEXt${keyword}\0([0-9a-f]{64})`).exec(text)?.[1] ?? "";
}
