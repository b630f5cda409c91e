/**
 * The probes of the recipe: what they take, by which names, and where their offsets come from.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { cacheRows, isProbed } from "../vectors/kernel/rows.ts";
import { type KernelTypes, readBtf } from "../vectors/kernel/recording/btf.ts";
import { definitionLine } from "../vectors/kernel/recording/probe_definition.ts";
import { definePageCacheProbes } from "../vectors/kernel/recording/page_cache_probes.ts";

/** Types of which the members alone matter. */
function typesWith(offsetOf: (member: string) => number | undefined): KernelTypes {
  return {
    offsetOf: (_, member) => offsetOf(member),
    fetch: () => undefined,
    has: () => true,
    enumerator: (name) => name === "AS_STABLE_WRITES" ? 7 : undefined,
  };
}

Deno.test("every probe that is read can be defined, with every argument that is read", () => {
  const types = typesWith((member) => member === "bi_disk" ? undefined : 8);
  const { probes, missing } = definePageCacheProbes(types, "6.12.107", undefined);
  assertEquals(missing, []);
  // What is defined in kernels before 6.12 alone is tried below.
  const former: ReadonlySet<string> = new Set([
    "5.10",
    "5.10, 5.15",
    "5.10, 6.1",
    "5.10 to 6.6",
    "6.1, 6.6",
  ]);
  const rows = cacheRows.filter((row) => isProbed(row) && !former.has(row.versions));
  assertEquals(probes.length, rows.length);
  for (const [index, { source, words }] of rows.entries()) {
    const probe = probes[index];
    const name = (probe?.kind === "t" ? "__probestub_" : "") +
      probe?.function.replace("%return", "");
    assertEquals(source, `${name}()${probe?.function.endsWith("%return") ? " returns" : ""}`);
    const given = new Set(probe?.arguments.map((each) => each.slice(0, each.indexOf("="))));
    // XFS keeps sequences of its log at the entry, and no transactions.
    // And `stable` is a bit of `mfl` that stands elsewhere in kernels before, `major` and `minor` a `dev`.
    const read = words.split(" ").filter((word) =>
      !["none", "stable", "major", "minor"].includes(word) &&
      !(source.startsWith("xfs_") && word.endsWith("tid"))
    );
    assertEquals(read.filter((word) => !given.has(word)), [], source);
  }
});

Deno.test("without the kernel's types, probes that need an offset are named as missing", () => {
  const { probes, missing } = definePageCacheProbes(undefined, "6.12.107", "ext4");
  assertEquals(missing, ["ext4_sync_file()", "ext4_sync_file() returns"]);
  assert(probes.every(({ arguments: given }) => !given.some((each) => /undefined|NaN/.test(each))));
});

Deno.test("members of a folio have the names of the kernel, from its types or else from its version", () => {
  const named = (types: KernelTypes | undefined, kernel: string | undefined): string => {
    const { probes } = definePageCacheProbes(types, kernel, "ext4");
    const given = probes.flatMap((each) => each.arguments);
    const names = given.flatMap((each) => /^(?:nr|fl)=folio->(.*):/.exec(each)?.[1] ?? []);
    return [...new Set(names)].join();
  };
  const old = "_folio_nr_pages,flags", since618 = "_nr_pages,flags.f";
  assertEquals(named(undefined, "6.12.107"), old);
  assertEquals(named(undefined, "6.15"), "_nr_pages,flags");
  assertEquals(named(undefined, "6.18.44"), since618);
  assertEquals(named(undefined, "7.3.4+deb13-amd64"), since618);
  const has = (...members: readonly string[]): KernelTypes =>
    typesWith((member) => members.includes(member) ? 0 : undefined);
  assertEquals(named(has("flags", "_folio_nr_pages"), "7.3"), old);
  assertEquals(named(has("flags", "flags.f", "_nr_pages"), "6.12"), since618);
});

Deno.test("returns of many calls at once are asked for where the kernel shows few by itself", () => {
  const begins = (kernel: string): ReadonlySet<string> => {
    const { probes } = definePageCacheProbes(undefined, kernel, "ext4");
    const returning = probes.filter((each) => each.function.endsWith("%return"));
    return new Set(returning.map((each) => definitionLine(each, "g").replace(/:.*/, "")));
  };
  assertEquals(begins("6.12.117+deb13-amd64"), new Set(["f1024"]));
  assertEquals(begins("6.14"), new Set(["f"]));
  assertEquals(begins("7.3.4"), new Set(["f"]));
  const { probes } = definePageCacheProbes(undefined, "6.12.117", "ext4");
  const others = probes.filter((each) => !each.function.endsWith("%return"));
  assert(others.every((each) => /^[ft]:g\//.test(definitionLine(each, "g"))));
});

/** One structure in BTF: a name, and members of `unsigned long` or of an anonymous structure. */
function btf(): Uint8Array {
  const strings = "\0long\0file\0first\0f_inode\0inner\0bits\0";
  const at = (name: string): number => strings.indexOf(`\0${name}\0`) + 1;
  const struct = (count: number, flag = 0): number => (4 << 24 | count | flag << 31) >>> 0;
  const types = [
    [at("long"), 1 << 24, 8, 64],
    [0, struct(1), 8, at("inner"), 1, 0],
    [
      at("file"),
      struct(4, 1),
      40,
      at("first"),
      1,
      0,
      at("f_inode"),
      2,
      64,
      0,
      2,
      128,
      at("bits"),
      1,
      3 << 24 | 192,
    ],
  ].flat();
  const bytes = new Uint8Array(24 + types.length * 4 + strings.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0xeb9f, true);
  view.setUint8(2, 1);
  for (
    const [index, word] of [24, 0, types.length * 4, types.length * 4, strings.length].entries()
  ) {
    view.setUint32(4 + index * 4, word, true);
  }
  for (const [index, word] of types.entries()) view.setUint32(24 + index * 4, word, true);
  bytes.set(new TextEncoder().encode(strings), 24 + types.length * 4);
  return bytes;
}

Deno.test("offsets come from the kernel's own types, through anonymous structures, and never of bit fields", () => {
  const types = readBtf(btf());
  const offsets = ["first", "f_inode", "inner", "bits", "none"].map((name) =>
    types?.offsetOf("file", name)
  );
  assertEquals(offsets, [0, 8, 16, undefined, undefined]);
  assertEquals(types?.offsetOf("file", "f_inode.inner"), 8);
  assertEquals(types?.offsetOf("file", "bits.first"), undefined);
  assertEquals(types?.offsetOf("file", "first.none"), undefined);
  assertEquals(types?.offsetOf("nothing", "first"), undefined);
  for (let length = 0; length < btf().length; length += 5) {
    assertEquals(readBtf(btf().slice(0, length)), undefined);
  }
});

Deno.test("before 6.12 an entry fetches by offsets what a return prints by names, and the return is bare", () => {
  const types: KernelTypes = {
    offsetOf: () => 8,
    // A kernel before ext4_da_write_end() took a folio.
    fetch: (called, expression) =>
      called === "ext4_da_write_end" && expression.startsWith("folio")
        ? undefined
        : expression.replace(/^[^-]*/, "$arg1").replaceAll("->", "+"),
    has: (called) => /folio|nocheck$|^(?:ext4|jbd2)_/.test(called),
    enumerator: (name) =>
      ({ PG_locked: 0, PG_writeback: 15, PG_uptodate: 2, PG_dirty: 3, PG_head: 16 })[name],
  };
  const { probes } = definePageCacheProbes(types, "6.1.176", "ext4");
  const lines = probes.map((each) => definitionLine(each, "g"));
  assert(lines.every((line) => /^(?:p|r1024):g\/\w+ \w+/.test(line) && !/->|undefined/.test(line)));
  const entries = new Map(
    probes.filter(({ kind }) => kind === "p").map((each) => [each.function, each]),
  );
  for (const probe of probes.filter(({ kind }) => kind === "r")) {
    assert(probe.arguments.every((each) => /^ret=\$retval:/.test(each)), probe.function);
    const entry = entries.get(probe.function);
    // A filter by device would part the two.
    assertEquals([entry?.paired, probe.paired], [true, true], probe.function);
    const row = cacheRows.find(({ source }) => source === `${probe.function}() returns`);
    const given = new Set(entry?.arguments.map((each) => each.slice(0, each.indexOf("="))));
    const kept = (row?.words.split(" ") ?? []).filter((word) =>
      !["ret", "fl", "index", "mfl", "stable", "synctid", "dsynctid"].includes(word)
    );
    const changed = row?.changes?.split(" ") ?? [];
    assertEquals(
      kept.filter((word) => !given.has(word) && !changed.includes(word)),
      [],
      probe.function,
    );
  }
  assert(lines.some((line) => /^p:g\/writeback_end folio_end_writeback .*\bpfl=/.test(line)));
  assert(lines.some((line) => /^p:g\/ext4_copied /.test(line)));
  assertEquals(definePageCacheProbes(undefined, "6.1.176", "ext4").probes, []);
  // Of a kernel with a part of them, the others would mislead.
  const part: KernelTypes = {
    ...types,
    fetch: (called, expression) =>
      /folio/.test(called) ? undefined : types.fetch(called, expression),
  };
  const none = definePageCacheProbes(part, "5.15.100", "ext4");
  assertEquals(none.probes, []);
  assert(none.missing.includes("folio_clear_dirty_for_io()"));
});

Deno.test("before there were folios, pages are probed, and of modules without types what needs none", () => {
  const types: KernelTypes = {
    offsetOf: (structure, member) =>
      /^(?:ext4|xfs)_/.test(structure) || member === "data_source" ? undefined : 8,
    fetch: (called, expression) =>
      /folio|nocheck$|^(?:ext4|jbd2|xfs)_/.test(called) || /folio|bi_bdev/.test(expression)
        ? undefined
        : expression.replace(/^[^-]*/, "$arg1").replaceAll("->", "+"),
    has: (called) => !/folio|nocheck$|^(?:ext4|jbd2|xfs)_/.test(called),
    enumerator: (name) =>
      ({ PG_locked: 0, PG_writeback: 15, PG_uptodate: 2, PG_dirty: 3, PG_head: 16 })[name],
  };
  const { probes, missing } = definePageCacheProbes(types, "5.10.262", "ext4");
  assertEquals(missing, ["ext4_sync_file()", "ext4_sync_file() returns"]);
  const rows = cacheRows.filter((row) => isProbed(row) && /^5\.10/.test(row.versions));
  for (const { source, words, changes = "" } of rows) {
    const called = source.replace(/\(\)( returns)?$/, "");
    const defined = probes.filter((each) => each.function === called);
    assertEquals(
      defined.map(({ kind }) => kind),
      source.endsWith("returns") ? ["p", "r"] : defined.length === 2 ? ["p", "r"] : ["p"],
      source,
    );
    const given = new Set(
      defined.flatMap((each) => each.arguments).map((each) => each.replace(/=.*/, "")),
    );
    const read = words.split(" ").filter((word) =>
      !`none nr fl mfl seq dev index ${changes}`.includes(word)
    );
    assertEquals(read.filter((word) => !given.has(word)), [], source);
  }
  const lines = probes.map((each) => definitionLine(each, "g"));
  assert(
    lines.some((line) => /^p:g\/bio_queue submit_bio_checks bio=.* minors=.* part=/.test(line)),
  );
  assert(
    lines.some((line) =>
      /^p:g\/commit_waited_begin jbd2_log_wait_commit tid=\$arg2:u32$/.test(line)
    ),
  );
  assert(lines.some((line) => / iomap_dio_rw .* writes=\S+:b1@0\/32 /.test(line)));
  assert(lines.every((line) => !/undefined|->/.test(line)));
});
