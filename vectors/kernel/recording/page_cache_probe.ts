/**
 * A probe of the page cache, as the recipe defines it.
 *
 * @module
 */
import type { KernelTypes } from "./btf.ts";

/** A probe, or why there is none: the function takes no such argument in this kernel. */
type Arguments = readonly string[] | ((types: KernelTypes) => readonly string[] | undefined);

/** One probe. `source` is its row in the table of lines. */
export interface PageCacheProbe {
  readonly source: string;
  readonly name: string;
  /** A file system that alone has the function. */
  readonly fileSystem?: string;
  readonly arguments: Arguments;
}
