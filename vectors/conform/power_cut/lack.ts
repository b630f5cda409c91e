/**
 * What a machine lacks that power cuts need.
 *
 * @module
 */

/** Why a device file of a module cannot be opened, with what to do, in one line. */
export function lackOf(path: string, error: string, module: string): string {
  return error === "ENOENT" || error === "ENODEV" || error === "ENXIO"
    ? `no ${path} here: modprobe ${module}`
    : `expected to be root: ${path}: ${error}`;
}
