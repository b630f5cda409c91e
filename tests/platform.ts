/**
 * What the machine is that the tests run on.
 *
 * @module
 */

/** True where `drive --dir` can work at all. */
export const isX86Linux: boolean = Deno.build.os === "linux" && Deno.build.arch === "x86_64";
