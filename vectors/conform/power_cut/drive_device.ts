/**
 * Drives a file system on a device that loses power: makes it, serves, and leaves nothing behind.
 *
 * @module
 */
import { resolve } from "node:path";
import { root } from "../../../spec/root.ts";
import { checked, cString, libc, unlikeLibrary } from "../drive/libc.ts";
import { serve } from "../drive/serve.ts";
import { WorkerPool } from "../drive/worker_pool.ts";
import { BlockLayer, startBlockServer } from "./block_layer.ts";
import type { Lie } from "./block_server.ts";
import { bytesFor, type FileSystemKind, makeFileSystem } from "./file_systems.ts";
import { MemoryLayer } from "./memory_layer.ts";
import { powerDriver } from "./power_driver.ts";
import type { PowerLayer } from "./power_layer.ts";
import { enterPrivateMounts } from "./private_mounts.ts";
import { clear, scratchDevice } from "./scratch_device.ts";
import { lineBytes } from "./stored_bytes.ts";

/** How a device is driven. */
interface DrivingDevice {
  readonly kind: FileSystemKind;
  /** Options of mkfs, besides those that make it small. */
  readonly make: readonly string[];
  /** Options of the mount. */
  readonly mount: string | undefined;
  /** True if the device may be destroyed. */
  readonly yes: boolean;
  /** Bytes that the device writes as one: no power failure tears them. */
  readonly sector: number;
  /** The most images of one vector. */
  readonly images: number;
  /** Seconds for one vector. */
  readonly seconds: number;
  /** What the device lies about: for tests. */
  readonly lie: Lie | undefined;
  /** A library that stands before the C library of the processes of a vector. */
  readonly library: string | undefined;
  /** A folder for the first image of each observation; undefined where none is kept. */
  readonly keep: string | undefined;
  /** Gets a line for people. */
  readonly remark: (line: string) => void;
}

/** Serves until the runner says bye; a sentence if the device cannot be driven, or what asks is none. */
export async function driveDevice(
  path: string,
  driving: DrivingDevice,
): Promise<string | undefined> {
  const { kind, yes, lie, library } = driving;
  const unloaded = library === undefined ? undefined : unlikeLibrary(library);
  if (unloaded !== undefined) return unloaded;
  const device = scratchDevice(path);
  if (typeof device === "string") return device;
  const size = bytesFor(kind);
  if (device.bytes < size) return `${path}: expected at least ${size >> 20} MiB for ${kind}`;
  if (!yes) return `${path}: everything on it will be destroyed; --yes says that it may be`;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    Deno.addSignalListener(signal, () => Deno.exit(2));
  }
  if (isMemory(path, driving)) return await driveMemory(path, driving);
  clear(path, size);
  const server = await startBlockServer({
    below: path,
    size,
    ...(lie === undefined ? {} : { lie }),
  });
  if (typeof server === "string") return server;
  try {
    const made = makeThere(path, driving, "plain");
    if (typeof made === "string") return made;
    const blocks = `${made.folder}/pagespec-${Deno.pid}`;
    Deno.mkdirSync(blocks);
    const layer = BlockLayer.over(server, blocks);
    return typeof layer === "string" ? layer : await driveLayer(layer, made.point, driving);
  } finally {
    await server.end();
  }
}

/** True if what is driven is mounted with DAX: its power is cut as memory's. */
function isMemory(path: string, { mount = "" }: DrivingDevice): boolean {
  return path.startsWith("/dev/pmem") && /(?:^|,)dax(?:=always)?(?:,|$)/.test(mount);
}

async function driveMemory(path: string, driving: DrivingDevice): Promise<string | undefined> {
  const made = makeThere(path, driving, "huge");
  if (typeof made === "string") return made;
  const layer = MemoryLayer.over(path, bytesFor(driving.kind));
  if (typeof layer === "string") return layer;
  return await driveLayer(layer, made.point, { ...driving, sector: lineBytes });
}

/** Makes the file system, and folders that nobody else sees: one to mount it at; or says why not. */
function makeThere(
  path: string,
  { kind, make, keep }: DrivingDevice,
  layout: "plain" | "huge",
): { readonly folder: string; readonly point: string } | string {
  const unkept = keep === undefined ? undefined : folderFor(keep);
  if (unkept !== undefined) return unkept;
  const named = [path, ...(keep === undefined ? [] : [keep])].map((each) => resolve(each));
  const used = [...named, Deno.execPath(), Deno.cwd(), new URL(root).pathname];
  const mounts = enterPrivateMounts(used);
  if (typeof mounts === "string") return `expected to be root: ${mounts}`;
  const unmade = makeFileSystem(kind, path, make, layout);
  if (unmade !== undefined) return unmade;
  const point = `${mounts.folder}/${kind}`;
  Deno.mkdirSync(point);
  return { folder: mounts.folder, point };
}

/** Makes a folder for images where there is none, or says why it cannot. */
function folderFor(path: string): string | undefined {
  try {
    Deno.mkdirSync(path, { recursive: true });
    return undefined;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return `expected --keep as a folder: ${path}: ${why}`;
  }
}

/** Serves from a device on which a file system is made. */
async function driveLayer(
  layer: PowerLayer,
  point: string,
  { kind, mount, sector, images, seconds, lie, library, keep, remark }: DrivingDevice,
): Promise<string | undefined> {
  const pool = new WorkerPool(library);
  const memory = checked(libc.memfd_create(cString("pagespec"), 0));
  const control = `/proc/${Deno.pid}/fd/${memory}`;
  const budget = seconds * 1000;
  try {
    const place = {
      ...{ kind, layer, lie, point, options: mount, control, sector, images, budget, keep, remark },
    };
    const driver = powerDriver(place, pool);
    if (typeof driver === "string") return driver;
    return await serve(driver);
  } finally {
    pool.close();
    layer.close();
  }
}
