/**
 * What makes a kernel leave a function out where a call makes data durable: a module, and a library that
 * stands before a driver's C library and names the tasks that are in such a call. Both are in
 * `spec/provoked/`.
 *
 * The compiler alone makes the module. kbuild would run programs of the kernel's own Debian, which an
 * older one cannot: what `modpost` adds for a module of one file stands here.
 *
 * Source: Documentation/kbuild/modules.rst; scripts/mod/modpost.c.
 *
 * @module
 */
import { root } from "../../spec/root.ts";
import type { KernelHeaders } from "./kernel.ts";
import { runProgram } from "./program.ts";
import { vanishing } from "./vanishing.ts";

/** What a guest loads and its driver is given, as files. */
export interface SkipFiles {
  /** The module `skip_function`, for one kernel. */
  readonly module: Uint8Array;
  /** The library `skipping_calls`. */
  readonly library: Uint8Array;
}

/** The module, with what belongs to every one. */
const module = `#include "skip_function.c"
#define INCLUDE_VERMAGIC
#include <linux/vermagic.h>
MODULE_INFO(vermagic, VERMAGIC_STRING);
struct module __this_module __section(".gnu.linkonce.this_module") = {
	.name = KBUILD_MODNAME,
	.init = init_module,
	.exit = cleanup_module,
	.arch = MODULE_ARCH_INIT,
};
`;

/** What makes code that runs in a kernel, of arch/x86/Makefile, as far as this module needs it. */
const forKernels = [
  ...["-std=gnu11", "-fms-extensions", "-fshort-wchar", "-fno-strict-aliasing", "-O2", "-w"],
  ...["-mcmodel=kernel", "-mno-red-zone", "-mgeneral-regs-only", "-fcf-protection=branch"],
  ...["-fno-pie", "-fno-stack-protector", "-fno-asynchronous-unwind-tables"],
  ...["-D__KERNEL__", "-DMODULE", "-DCC_USING_FENTRY"],
  ...['-DKBUILD_MODNAME="skip_function"', "-D__KBUILD_MODNAME=kmod_skip_function"],
] as const;

/** Compiles both for a kernel, in a folder that is gone then; a sentence if that fails. */
export async function makeSkipFiles(
  headers: KernelHeaders,
  scratch: string,
): Promise<SkipFiles | string> {
  const folder = Deno.makeTempDirSync({ dir: scratch, prefix: "making-" });
  await using _ = vanishing(folder);
  const sources = decodeURIComponent(new URL("spec/provoked/", root).pathname);
  const source = `${folder}/module.c`;
  Deno.writeTextFileSync(source, module);
  const forModule = [...forKernels, ...including(headers), `-I${sources}`, "-c", source];
  const object = await compile(folder, forModule);
  if (typeof object === "string") return object;
  const forLibrary = ["-O1", "-shared", "-fPIC", `${sources}skipping_calls.c`, "-ldl"];
  const library = await compile(folder, forLibrary);
  return typeof library === "string" ? library : { module: object, library };
}

/** What a compiler makes; a sentence if it fails. */
async function compile(
  folder: string,
  args: readonly string[],
): Promise<Uint8Array | string> {
  const output = `${folder}/output`;
  const done = await runProgram("gcc", [...args, "-o", output]);
  return typeof done === "string" ? done : Deno.readFileSync(output);
}

/** Where a kernel's headers are, and those that come before all others. */
function including({ common, own }: KernelHeaders): readonly string[] {
  const folders = [
    ...[`${common}/arch/x86/include`, `${own}/arch/x86/include/generated`],
    ...[`${common}/include`, `${own}/include`],
    ...[`${common}/arch/x86/include/uapi`, `${own}/arch/x86/include/generated/uapi`],
    ...[`${common}/include/uapi`, `${own}/include/generated/uapi`],
  ];
  const first = ["kconfig", "compiler_types"].map((each) => `${common}/include/linux/${each}.h`);
  return [...folders.map((each) => `-I${each}`), ...first.flatMap((each) => ["-include", each])];
}
