/**
 * What is kept of a folio beside its flags: a writeback, what the device has of it, its mappings.
 *
 * @module
 */
import type { Where } from "../observation.ts";
import type { FolioSectors } from "./folio_sectors.ts";
import type { FittingStates } from "./state_sets.ts";

/** Writeback of a folio, from `folio_start_writeback` on. */
export interface Writing {
  readonly begin: Where;
  /** Bios that carry a part of it and have not ended. */
  readonly bios: string[];
  /** The last end of a bio that carries a part of it. */
  bioEnded: Where | undefined;
  failed: Where | undefined;
  /** True once its end was seen, or must have come unseen. */
  over: boolean;
  /** The device that it goes to: that of its bios, or of its file system. */
  dev: string;
  /** Sectors of the folio, where no probe tells of its bios. */
  readonly sectors?: FolioSectors;
}

/** What has reached the device and may be in its volatile cache. */
export interface DeviceCached {
  readonly at: Where;
  readonly dev: string;
}

/** One mapping's view of a folio (`folio_world.ts`). */
export interface MappingWorld {
  /** As mkclean protected the mapping at the last clean. */
  protected: FittingStates;
  /** As if mkclean had missed it ever since; undefined where that makes no difference, or is refuted. */
  missed: FittingStates | undefined;
  /** True if the last clean has found it writable, as far as is known: if missed, that one did it. */
  exposed: boolean;
  /** When a page was last seen to be made writable through it: it is MAP_SHARED. */
  made: Where | undefined;
  /** The last clean, and what led to it. */
  clean: Where | undefined;
}

/** A page after a direct write to it has returned. */
export interface PageAfterDirect {
  readonly set: FittingStates;
  readonly because: readonly Where[];
}
