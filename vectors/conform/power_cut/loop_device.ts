/**
 * A loop device over a file, detached by the kernel as soon as nobody has it open.
 *
 * Source: drivers/block/loop.c, include/uapi/linux/loop.h.
 *
 * @module
 */
import { checked, cString, libc, Open } from "../drive/libc.ts";
import { lackOf } from "./lack.ts";

const Request = { CTL_GET_FREE: 0x4c82n, CONFIGURE: 0x4c0an, FLUSH_BUFFERS: 0x1261n } as const;

const Flag = { AUTOCLEAR: 4, DIRECT_IO: 16 } as const;

/** Where the fields of struct loop_config lie, and its length. */
const config = { fd: 0, blockSize: 4, flags: 8 + 52, length: 304 } as const;

/** Tries to find a device that is free: others look for one too. */
const tries = 16;

/** A loop device. */
export interface LoopDevice {
  readonly path: string;
  /** Nothing of it stays in the cache of the block device. */
  readonly forget: () => void;
  /** Lets go of it; it is detached when its file system is unmounted. */
  readonly close: () => void;
}

/** Makes a loop device over a file, or says why not. If it is direct, each bio is one write of the file. */
export function attachLoop(file: string, way: "direct" | "cached"): LoopDevice | string {
  const direct = way === "direct" ? Open.DIRECT : 0;
  const backing = checked(libc.open(cString(file), Open.RDWR | Open.CLOEXEC | direct, 0));
  if (typeof backing === "string") return `${file}: ${backing}`;
  const control = checked(libc.open(cString("/dev/loop-control"), Open.RDWR | Open.CLOEXEC, 0));
  if (typeof control === "string") return lackOf("/dev/loop-control", control, "loop");
  const settings = new DataView(new ArrayBuffer(config.length));
  settings.setUint32(config.fd, backing, true);
  settings.setUint32(config.blockSize, 512, true);
  const flags = way === "direct" ? Flag.AUTOCLEAR | Flag.DIRECT_IO : Flag.AUTOCLEAR;
  settings.setUint32(config.flags, flags, true);
  const at = Deno.UnsafePointer.of(new Uint8Array(settings.buffer));
  const argument = BigInt(Deno.UnsafePointer.value(at));
  let why = "no free loop device";
  for (let each = 0; each < tries; each++) {
    const number = checked(libc.ioctl(control, Request.CTL_GET_FREE, 0n));
    if (typeof number === "string") {
      why = `LOOP_CTL_GET_FREE: ${number}`;
      break;
    }
    const path = `/dev/loop${number}`;
    const fd = checked(libc.open(cString(path), Open.RDWR | Open.CLOEXEC, 0));
    if (typeof fd === "string") {
      why = `${path}: ${fd}`;
      continue;
    }
    const configured = checked(libc.ioctl(fd, Request.CONFIGURE, argument));
    if (typeof configured === "number") {
      libc.close(backing);
      libc.close(control);
      return {
        path,
        forget: () => {
          libc.ioctl(fd, Request.FLUSH_BUFFERS, 0n);
        },
        close: () => {
          libc.close(fd);
        },
      };
    }
    why = `LOOP_CONFIGURE: ${configured}`;
    libc.close(fd);
  }
  libc.close(backing);
  libc.close(control);
  return why;
}
