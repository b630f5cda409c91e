/**
 * The command that boots a guest: its standard input and output are the driver's in the guest.
 *
 * @module
 */
import { port, share } from "./guest.ts";
import { endsWithParent } from "./program.ts";

/** A guest, as QEMU makes it. */
export interface GuestMachine {
  /** `kvm` where the processor can do it, else `tcg`, which emulates one. */
  readonly accelerator: "kvm" | "tcg";
  readonly processors: number;
  readonly image: string;
  readonly initramfs: string;
  /** The folder of results, which the guest may write. */
  readonly results: string;
  /** A file of zeros: the disk. What is written to it is gone with the guest. */
  readonly disk: string;
  /** True if it has persistent memory. */
  readonly pmem: boolean;
  /** Seconds after which it is ended. */
  readonly timeout: number;
}

/** Where the memory is that stands for persistent memory: 512 MiB from 1 GiB on. */
const reserved = "memmap=512M!1G";

/**
 * What TCG is slow at, or takes for a broken clock. A seventh of a boot would be self-tests of
 * cryptographic algorithms, and noise gathered for keys. Memory is handed out as the kernel does it,
 * zeroed if it does that: programs may see what it held.
 *
 * Source: Documentation/admin-guide/kernel-parameters.txt.
 */
const emulated = [
  ...["mitigations=off", "tsc=reliable"],
  ...["cryptomgr.notests", "initcall_blacklist=jent_mod_init"],
];

/**
 * The command, with `timeout` before it. Both end with the process that starts it: a guest that still
 * boots does not look at its input.
 */
export function bootCommand(machine: GuestMachine): readonly [string, ...string[]] {
  const { accelerator, processors, image, initramfs, results, disk, pmem, timeout } = machine;
  const kernel = [
    // A kernel that has met a bug of its own is at its end: with it the guest, and the driver in it.
    ...["console=ttyS0", "rdinit=/init", "oops=panic", "panic=-1", "loglevel=4"],
    // Who traces flushes of memory must know where the kernel sees it.
    "nokaslr",
    ...(accelerator === "tcg" ? emulated : []),
    ...(pmem ? [reserved] : []),
  ];
  return [
    ...endsWithParent("TERM"),
    ...["timeout", "--foreground", "--kill-after=5", String(timeout)],
    ...endsWithParent("KILL"),
    ...["qemu-system-x86_64", "-nodefaults", "-no-user-config", "-no-reboot", "-display", "none"],
    ...["-machine", "pc", "-accel", accelerator, "-cpu", accelerator === "kvm" ? "host" : "max"],
    ...["-smp", String(processors), "-m", pmem ? "3G" : "2G"],
    ...["-kernel", image, "-initrd", initramfs, "-append", kernel.join(" ")],
    ...["-chardev", `file,id=console,append=on,path=${escaped(results)}/console.txt`],
    ...["-serial", "chardev:console"],
    ...["-drive", `file=${escaped(disk)},format=raw,if=virtio,snapshot=on`],
    ...["-virtfs", sharing("/", share.root, "readonly=on,multidevs=remap")],
    ...["-virtfs", sharing(results, share.results, "multidevs=remap")],
    ...["-device", "virtio-serial"],
    ...stream("stdio,signal=off", port.input),
    ...stream("file,path=/dev/fd/1", port.output),
    ...stream("file,path=/dev/fd/2", port.complaints),
  ];
}

/** A port of the guest over a stream of QEMU's own. */
function stream(own: string, name: string): readonly string[] {
  return [
    "-chardev",
    `${own},id=${name}`,
    "-device",
    `virtserialport,chardev=${name},name=${name}`,
  ];
}

function sharing(path: string, tag: string, more: string): string {
  return `local,path=${escaped(path)},mount_tag=${tag},security_model=none,${more}`;
}

/** A path in an option of QEMU: a comma is written twice. */
function escaped(path: string): string {
  return path.replaceAll(",", ",,");
}
