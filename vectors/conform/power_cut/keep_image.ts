/**
 * An image of a device as a file of its own, for those who look into what was lost.
 *
 * @module
 */
import { type Observation, observationKey } from "../../../model/operation/observation.ts";
import { checked, cString, libc, Open } from "../drive/libc.ts";
import type { OperationQuestion } from "../protocol.ts";
import { bytesFor } from "./file_systems.ts";
import type { Image } from "./images.ts";
import type { PowerPlace } from "./power_run.ts";

/** Bytes that are copied at once; where all of them are zeros, the file has a hole. */
const chunk = 1 << 20;

/** What is kept: an image before its recovery, of which vector, and what was observed in it. */
interface Kept {
  readonly image: Image;
  readonly vector: OperationQuestion;
  readonly observation: Observation;
}

/** Writes an image to the folder for them, if there is one, and says where and what it shows. */
export function keepImage(
  { kind, layer, keep, remark }: PowerPlace,
  { image, vector, observation }: Kept,
): void {
  if (keep === undefined) return;
  layer.tell({ kind: "show", survivors: image });
  layer.device.forget();
  const text = observationKey(observation);
  const name = `${vector.handle} ${text}`.replace(/[^\w.=-]+/g, "_").slice(0, 200);
  const path = `${keep}/${name}.img`;
  const failed = copy(layer.device.path, path, bytesFor(kind));
  layer.device.forget();
  remark(failed ?? `${vector.handle}: ${text === "" ? "all succeed" : text}: ${path}`);
}

/** Copies so many bytes of a device to a new file: what failed, or nothing. */
function copy(from: string, to: string, length: number): string | undefined {
  const source = checked(libc.open(cString(from), Open.RDONLY | Open.CLOEXEC, 0));
  if (typeof source === "string") return `${from}: ${source}`;
  const flags = Open.RDWR | Open.CREAT | Open.TRUNC | Open.CLOEXEC;
  const target = checked(libc.open(cString(to), flags, 0o600));
  if (typeof target === "string") return `${to}: ${target}`;
  const bytes = new Uint8Array(chunk);
  const pointer = Deno.UnsafePointer.of(bytes);
  libc.ftruncate(target, BigInt(length));
  let failed: string | undefined;
  for (let offset = 0; offset < length && failed === undefined; offset += chunk) {
    const read = checked(libc.pread(source, pointer, BigInt(chunk), BigInt(offset)));
    if (typeof read === "string") failed = `${from}: ${read}`;
    else if (bytes.subarray(0, read).some((each) => each !== 0)) {
      const written = checked(libc.pwrite(target, pointer, BigInt(read), BigInt(offset)));
      if (written !== read) failed = `${to}: ${written}`;
    }
  }
  libc.close(source);
  libc.close(target);
  return failed;
}
