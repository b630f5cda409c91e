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
  /** A word that tells whether the pages of a mapping must be stable, of `struct address_space`. */
  readonly stable: (mapping: string) => readonly string[];
  /** True if a bio has a block device; before 5.12 it has a disk and the number of a partition. */
  readonly bioDevice: boolean;
  readonly iomapPosition: "pos" | "iter->pos";
}

/** Members of `struct folio` that were renamed. */
interface FolioNames {
  /** Pages of a large folio: `_nr_pages` from 6.15 on. */
  readonly pages: "_folio_nr_pages" | "_nr_pages";
  /** A word before 6.18; since then a structure with one member. */
  readonly flags: "flags" | "flags.f";
  /** What the flags are called in a trace, by the order of their bits; undefined if it is not known. */
  readonly flagsWord: "fl" | "pfl" | undefined;
}

/** A probe's arguments; undefined if the function takes no such argument in this kernel. */
type Arguments = readonly string[] | ((kernel: ProbedKernel) => readonly string[] | undefined);

/** One probe. `source` is its row in the table of lines. */
export interface PageCacheProbe {
  readonly source: string;
  readonly name: string;
  /**
   * Where it is defined in this way alone: in kernels whose probes take arguments by their names, or in
   * those before, where they are fetched by offsets.
   */
  readonly takes?: "names" | "offsets";
  /** A function that has taken this one's place: where the kernel has it, this is not probed. */
  readonly until?: string;
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
    flagsWord: flagsWord(types),
  };
}

/** The bits of `folio->flags` were put into another order between 6.1 and 6.12. */
function flagsWord(types: KernelTypes | undefined): FolioNames["flagsWord"] {
  const bit = (name: string): number | undefined => types?.enumerator(`PG_${name}`);
  const order = ["locked", "writeback", "uptodate", "dirty", "head"].map(bit).join(" ");
  if (order === "0 15 2 3 16") return "pfl";
  return order.trim() === "" || order === "0 1 3 4 6" ? "fl" : undefined;
}

/**
 * Of a mapping: all its flags where AS_STABLE_WRITES is bit 7 (6.7 and later), else that bit alone; before
 * there was one, SB_I_STABLE_WRITES of its file system (5.10 and later).
 */
export function stableWord(types: KernelTypes | undefined): ProbedKernel["stable"] {
  const bit = types?.enumerator("AS_STABLE_WRITES");
  if (types !== undefined && bit === undefined) {
    return (mapping) => [`stable=${mapping}->host->i_sb->s_iflags:b1@3/64`];
  }
  return bit === undefined || bit === 7
    ? (mapping) => [`mfl=${mapping}->flags:x64`]
    : (mapping) => [`stable=${mapping}->flags:b1@${bit}/64`];
}
