/**
 * The first file system of a guest: busybox, modules, and the scripts.
 *
 * @module
 */
import { type ArchiveEntry, archiveParts, Mode } from "./cpio.ts";
import { type Packing, unpack } from "../kernel/unpack.ts";
import { moduleOrder } from "./module_order.ts";
import type { SkipFiles } from "./skip_module.ts";

/** What goes in. */
interface Contents {
  /** The folder `lib/modules/RELEASE`; undefined if everything is in the image. */
  readonly modules: string | undefined;
  readonly wanted: readonly string[];
  readonly skip: SkipFiles | undefined;
  readonly init: string;
  readonly job: string;
}

const packings: Readonly<Record<string, Packing>> = { gz: "gzip", xz: "xz", zst: "zstd" };

const busybox = "/bin/busybox";

/** Writes it to a new file; a sentence if a module is missing. */
export async function writeInitramfs(
  file: Deno.FsFile,
  { modules, wanted, skip, init, job }: Contents,
): Promise<string | undefined> {
  const text = (content: string): Uint8Array => new TextEncoder().encode(content);
  const entries: ArchiveEntry[] = [
    ...["bin", "proc", "sys", "dev", "lower", "upper", "root", "modules"].map((each) => ({
      path: each,
      mode: Mode.folder,
    })),
    { path: "init", mode: Mode.program, data: text(init) },
    { path: "job", mode: Mode.file, data: text(job) },
    { path: busybox.slice(1), mode: Mode.program, data: await Deno.readFile(busybox) },
  ];
  if (modules !== undefined) {
    const [dependencies, builtin] = await Promise.all(
      ["modules.dep", "modules.builtin"].map((each) => Deno.readTextFile(`${modules}/${each}`)),
    );
    const order = moduleOrder(
      { dependencies: dependencies ?? "", builtin: builtin ?? "" },
      wanted,
    );
    if (order.kind === "missing") return `${modules}: no module ${order.names.join(", ")}`;
    for (const [number, file] of order.files.entries()) {
      const name = file.slice(file.lastIndexOf("/") + 1).replace(/\.ko.*/, ".ko");
      const at = `modules/${String(number).padStart(3, "0")}-${name}`;
      entries.push({ path: at, mode: Mode.file, data: await unpacked(`${modules}/${file}`) });
    }
  }
  if (skip !== undefined) {
    entries.push(
      { path: "skip", mode: Mode.folder },
      { path: "skip/skip_function.ko", mode: Mode.file, data: skip.module },
      { path: "skip/skipping_calls.so", mode: Mode.file, data: skip.library },
    );
  }
  for (const part of archiveParts(entries)) {
    for (let done = 0; done < part.length;) done += await file.write(part.subarray(done));
  }
  return undefined;
}

async function unpacked(path: string): Promise<Uint8Array> {
  const packing = packings[path.slice(path.lastIndexOf(".") + 1)];
  const { readable } = await Deno.open(path);
  const stream = packing === undefined ? readable : unpack(readable, packing);
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
