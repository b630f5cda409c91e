/**
 * fsync of a file of one page through the page cache (chapter 2).
 *
 * @module
 */
import type { Step } from "../design.ts";
import { Folio, isCached } from "../folio.ts";
import type { State } from "../state.ts";
import { Tag } from "../xarray.ts";
import type { Call } from "./calls.ts";
import { type TaskOnPage, writeFolio } from "./page_cache_steps.ts";
import { choice, does } from "./program.ts";

/** What differs from the reference program. */
export interface FsyncVariant {
  /** Mappings that writeback write-protects. */
  readonly mappings: readonly number[];
  /** Steps in place of `writeFolio`. */
  readonly write?: readonly Step[];
  /** True where the folio never gets marked. */
  readonly unmarked?: boolean;
}

/** A whole call. The file's blocks are written, so there is nothing to commit: the device is flushed. */
export function fsyncPage({ task, page }: TaskOnPage, variant: FsyncVariant): Call {
  const { mappings, unmarked, write = writeFolio({ task, page }, mappings) } = variant;
  const marked = (state: State): boolean => ((state.tag[page] ?? 0) & Tag.TOWRITE) !== 0;
  return (first, next) => {
    const at = (place: string): string => `${first}.${place}`;
    const none = { result: "none left", when: (state: State) => !marked(state), goto: at("wait") };
    const walk = "writeback walks TOWRITE folios";
    return [
      does(
        first,
        "fsync(): tag_pages_for_writeback()",
        { kind: "fsync_begin", task },
        { kind: "tag_towrite", task },
      ),
      ...(unmarked ? [choice(at("walk"), `${walk}: none`, {})] : [
        choice(at("walk"), walk, {
          result: `folio ${page}`,
          when: marked,
          events: [{ kind: "find_folio", task, page }],
        }, none),
        ...write.map((step) => within(step, at)),
      ]),
      choice(at("wait"), "filemap_fdatawait(), flush the device", {
        when: (state) => !isCached(state, page, Folio.WRITEBACK),
        events: [{ kind: "flush_device", task }],
      }),
      choice(at("end"), "fsync() = 0", { events: [{ kind: "fsync_end", task }], goto: next }),
    ];
  };
}

/** The step as a part of a call: its label and where it goes begin with the call's label. */
function within(step: Step, at: (place: string) => string): Step {
  return {
    ...step,
    label: at(step.label),
    branches: step.branches.map((branch) =>
      branch.goto === undefined ? branch : { ...branch, goto: at(branch.goto) }
    ),
  };
}
