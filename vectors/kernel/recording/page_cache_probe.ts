/**
 * A probe of the page cache, as the recipe defines it.
 *
 * @module
 */
import type { KernelTypes } from "./btf.ts";

/** What a probe's arguments are called by in one kernel. */
export interface ProbedKernel {
  /** Undefined if the kernel's types are not known: then what needs an offset has no probe. */
  readonly types: KernelTypes | undefined;
  readonly folio: FolioNames;
  readonly iomapPosition: "pos" | "iter->pos";
}

/** Members of `struct folio` that were renamed. */
interface FolioNames {
  /** Pages of a large folio: `_nr_pages` from 6.15 on. */
  readonly pages: "_folio_nr_pages" | "_nr_pages";
  /** A word before 6.18; since then a structure with one member. */
  readonly flags: "flags" | "flags.f";
}

/** A probe's arguments; undefined if the function takes no such argument in this kernel. */
type Arguments = readonly string[] | ((kernel: ProbedKernel) => readonly string[] | undefined);

/** One probe. `source` is its row in the table of lines. */
export interface PageCacheProbe {
  readonly source: string;
  readonly name: string;
  /** A file system that alone has the function. */
  readonly fileSystem?: string;
  readonly arguments: Arguments;
}

/** Where iomap_write_end() has the file's position: an argument before 6.15, when iter began to move. */
export function iomapPosition(version: string | undefined): ProbedKernel["iomapPosition"] {
  const [major = NaN, minor = NaN] = (version ?? "").split(".").map(Number.parseFloat);
  return major < 6 || (major === 6 && minor < 15) ? "pos" : "iter->pos";
}

/** The names in a kernel: from its types if they are known, else by its version. */
export function folioNames(
  types: KernelTypes | undefined,
  version: string | undefined,
): FolioNames {
  const [major = NaN, minor = NaN] = (version ?? "").split(".").map(Number.parseFloat);
  const from = (first: number, second: number): boolean =>
    major > first || (major === first && minor >= second);
  const has = (member: string): boolean => types?.offsetOf("folio", member) !== undefined;
  return {
    pages: (types === undefined ? from(6, 15) : !has("_folio_nr_pages"))
      ? "_nr_pages"
      : "_folio_nr_pages",
    flags: (types === undefined ? from(6, 18) : has("flags.f")) ? "flags.f" : "flags",
  };
}
