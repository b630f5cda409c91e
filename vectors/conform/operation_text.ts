/**
 * An operation vector's program, for people.
 *
 * @module
 */
import { match } from "../../model/match.ts";
import type { Operation } from "../../model/operation/operation.ts";
import type { Extent, FileStart, Scenario } from "../../model/operation/scenario.ts";

/** Files as they begin and processes with their operations: a line each. */
export function programLines({ files, processes }: Scenario): readonly string[] {
  const ids = processes.flatMap(({ operations }) => operations.map(({ id }) => id.length));
  const width = Math.max(...ids) + 2;
  return [
    ...Object.entries(files).map(([name, file]) => `${name}: ${fileText(file)}`),
    ...processes.flatMap(({ name, operations }) => [
      `${name}:`,
      ...operations.map((each) => `  ${each.id.padEnd(width)}${operationText(each)}`),
    ]),
  ];
}

function fileText({ size, extents }: FileStart): string {
  const parts = extents.map(extentText);
  return [`${size} bytes`, ...parts.length === 0 && size > 0 ? ["a hole"] : parts].join(", ");
}

function extentText(extent: Extent): string {
  const what = extent.kind === "data" ? `all ${extent.value}` : "unwritten blocks";
  return `${rangeText(extent)} ${what}`;
}

/** Bytes of a file by their offset and their count. */
function rangeText(
  { offset, length }: { readonly offset: number; readonly length: number },
): string {
  return `${offset}+${length}`;
}

/** An operation as one line. */
export function operationText(operation: Operation): string {
  const { after = [] } = operation;
  const waits = after.length === 0 ? "" : `, after ${after.join(" and ")}`;
  return match(operation)
    .returnType<string>()
    .with({ kind: "open" }, ({ fd, file, flags }) => ["open", file, "as", fd, ...flags].join(" "))
    .with({ kind: "mmap" }, (each) => {
      const { mapping, fd, sharing, protection, sync, level } = each;
      const more = [...sync === true ? ["MAP_SYNC"] : [], ...level === undefined ? [] : [level]];
      const how = [sharing, protection, ...more].join(" ");
      return `mmap ${fd} ${rangeText(each)} as ${mapping}, ${how}`;
    })
    .with({ kind: "load" }, ({ mapping, offset }) => `load ${mapping} at ${offset}`)
    .with(
      { kind: "store" },
      ({ mapping, offset, value }) => `store ${mapping} at ${offset}, ${value}`,
    )
    .with({ kind: "pread" }, (each) => {
      const { fd, into } = each;
      const buffer = into === undefined ? "" : `, into ${into.mapping} at ${into.offset}`;
      return `pread ${fd} ${rangeText(each)}${buffer}`;
    })
    .with({ kind: "pwrite" }, (each) => {
      const { fd, value, from, async, dsync } = each;
      const what = from === undefined
        ? `all ${value ?? 0}`
        : `from ${from.mapping} at ${from.offset}`;
      const how = `${async === true ? ", by io_submit" : ""}${dsync === true ? ", RWF_DSYNC" : ""}`;
      return `pwrite ${fd} ${rangeText(each)}, ${what}${how}`;
    })
    .with({ kind: "fallocate" }, (each) => {
      const keeps = each.keepSize === true ? ", keeping the size" : "";
      return `fallocate ${each.fd} ${each.mode} ${rangeText(each)}${keeps}`;
    })
    .with({ kind: "sync_file_range" }, (each) => `sync_file_range ${each.fd} ${rangeText(each)}`)
    .with({ kind: "msync" }, (each) => `msync ${each.mapping} ${rangeText(each)} ${each.flags}`)
    .with({ kind: "flush_cache" }, (each) => `flush_cache ${each.mapping} ${rangeText(each)}`)
    .with({ kind: "ftruncate" }, ({ fd, length }) => `ftruncate ${fd} to ${length}`)
    .with({ kind: "reflink" }, ({ from, to }) => `reflink ${from} to ${to}`)
    .with({ kind: "copy_file_range" }, { kind: "splice" }, (each) => {
      const { kind, from, to } = each;
      return `${kind} ${from} to ${to} ${rangeText(each)}`;
    })
    .with({ kind: "munmap" }, ({ kind, mapping }) => `${kind} ${mapping}`)
    .with(
      { kind: "close" },
      { kind: "fsync" },
      { kind: "fdatasync" },
      { kind: "syncfs" },
      { kind: "evict" },
      ({ kind, fd }) => `${kind} ${fd}`,
    )
    .with({ kind: "rename" }, ({ oldpath, newpath }) => `rename ${oldpath} to ${newpath}`)
    .with({ kind: "link" }, ({ oldpath, newpath }) => `link ${oldpath} as ${newpath}`)
    .with({ kind: "fsync_directory" }, () => "fsync of the directory")
    .with({ kind: "inject_error" }, () => "inject_error: the next write of file data fails")
    .with({ kind: "crash" }, () => "crash: power fails")
    .exhaustive() + waits;
}
