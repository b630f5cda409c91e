/**
 * System E: the buffer of a direct write changes while the write is in flight, on a device or a file
 * system that checksums what it writes (chapter 5, STABLE-3).
 *
 * @module
 */
import type { Actor, Design } from "../design.ts";
import { Folio } from "../folio.ts";
import { Pte } from "../page_table.ts";
import { Tag } from "../xarray.ts";
import { task } from "./calls.ts";
import { choice, does } from "./program.ts";

const page = 0;
const mapping = 0;

function directWrite(bounces: boolean): Actor {
  const on = { task: 0, page };
  return task("D", 0, (first, next) => [
    does(first, "pin_user_pages(buffer)", { kind: "pin", ...on, mapping }),
    does(
      `${first}.sum`,
      bounces ? "copy the buffer, checksum the copy" : "checksum the buffer",
      { kind: "settle_buffer", ...on },
    ),
    choice(`${first}.send`, `the device reads the ${bounces ? "copy" : "buffer"}`, {
      events: [
        bounces ? { kind: "send_buffer", ...on, bounced: true } : { kind: "send_buffer", ...on },
        { kind: "unpin", ...on },
      ],
      goto: next,
    }),
  ]);
}

function otherThread(): Actor {
  return task("U", 1, (first, next) => [choice(first, "store to the buffer", {
    events: [{ kind: "store_folio", mapping, page, writes: 1 }],
    goto: next,
  })]);
}

function design(id: string, title: string, source: string, bounces: boolean): Design {
  return {
    id,
    system: "E",
    title,
    source,
    bounds: {
      pages: 1,
      pmdPages: 1,
      mappings: 1,
      tasks: 2,
      locals: 1,
      folios: 1,
      blocks: 1,
      stableWrites: true,
    },
    start: (state) => {
      state.slot[page] = 1;
      state.folio[0] = Folio.UPTODATE | Folio.DIRTY;
      state.tag[page] = Tag.DIRTY;
      state.pte[mapping] = Pte.WRITE;
      state.pfn[mapping] = 1;
    },
    actors: [directWrite(bounces), otherThread()],
    breaks: bounces ? [] : ["STABLE-3"],
  };
}

/** Buffers of direct writes. */
export const directBufferDesigns: readonly Design[] = [
  design(
    "E8",
    "the buffer of a direct write is copied before it is checksummed",
    "c9d114846b38, 3373503df025 (XFS 7.x); btrfs writes through the page cache instead (968f19c5b1b7)",
    true,
  ),
  design(
    "E8-in-place",
    "the buffer of a direct write is checksummed and read where it is",
    "btrfs before v6.15, XFS before 7.x; generic/761",
    false,
  ),
];
