import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { daxPmdFault, daxPmdLoadHole, daxPteFault } from "../vectors/kernel/rows/dax_faults.ts";
import { daxWritebackOne, daxWritebackRange } from "../vectors/kernel/rows/dax_writeback.ts";
import { pageFault } from "../vectors/kernel/rows/exceptions.ts";
import {
  ext4Range,
  ext4SyncFileEnter,
  ext4SyncFileExit,
  ext4Truncate,
} from "../vectors/kernel/rows/ext4.ts";
import { fieldsOf } from "../vectors/kernel/rows/field_cursor.ts";
import { faultFlags, faultResult } from "../vectors/kernel/rows/fault_flags.ts";
import { daxRows, isProbed, readerOfTracepoint } from "../vectors/kernel/rows.ts";
import { xfsFile } from "../vectors/kernel/rows/xfs.ts";
import { readWhole } from "./read_text.ts";

const FLAGS = "WRITE|ALLOW_RETRY|KILLABLE|USER|INTERRUPTIBLE";

Deno.test("a fault on one page is read alike from every kernel that prints its flags by name", () => {
  const printed = {
    "5.10": FLAGS,
    "6.12": `${FLAGS}|0x800`,
    "7.2": `${FLAGS}|VMA_LOCK`,
  };
  for (const [kernel, flags] of Object.entries(printed)) {
    const body =
      `dev 259:0 ino 0x11 shared ${flags} address 0x7fdca6391000 pgoff 0x1 MAJOR|NEEDDSYNC`;
    const fields = daxPteFault(fieldsOf(body), "ftrace");
    assert(fields !== undefined, kernel);
    const { file, shared, address, pgoff, result } = fields;
    assertEquals({ file, shared, address, pgoff }, {
      file: { dev: "259:0", ino: 0x11 },
      shared: true,
      address: 0x7fdca6391000,
      pgoff: 1,
    });
    assertEquals(result, new Set(["MAJOR", "NEEDDSYNC"]));
    assert(fields.flags.has("WRITE") && !fields.flags.has("MKWRITE"), kernel);
  }
});

Deno.test("a fault that begins has the empty result, and a fault may have no flag", () => {
  const begins = `dev 259:0 ino 0xc private ${FLAGS} address 0x7f8c30c01000 pgoff 0x0 `;
  const fields = daxPteFault(fieldsOf(begins), "ftrace");
  assertEquals([fields?.shared, fields?.result], [false, new Set()]);
  const bare = daxPteFault(
    fieldsOf("dev 259:0 ino 0xc shared  address 0x7f8c30c01000 pgoff 0x0 NOPAGE"),
    "ftrace",
  );
  assertEquals([bare?.flags, bare?.result], [new Set(), new Set(["NOPAGE"])]);
});

Deno.test("an attempt at 2 MiB has the size of its file, and is no fault on one page", () => {
  const body =
    `dev 259:0 ino 0x12 shared ${FLAGS} address 0x7f598f201000 vm_start 0x7f598f200000 ` +
    "vm_end 0x7f598f400000 pgoff 0x1 max_pgoff 0x1000 FALLBACK";
  assertEquals(daxPteFault(fieldsOf(body), "ftrace"), undefined);
  assertEquals(daxPmdFault(fieldsOf(body), "ftrace"), {
    file: { dev: "259:0", ino: 0x12 },
    shared: true,
    flags: new Set(["WRITE", "ALLOW_RETRY", "KILLABLE", "USER", "INTERRUPTIBLE"] as const),
    address: 0x7f598f201000,
    pgoff: 1,
    pages: 0x1000,
    result: new Set(["FALLBACK"] as const),
  });
});

Deno.test("trace-cmd's numbers are exact, and its OOM for 0 is not believed", () => {
  const body = "dev 259:0 ino 0xc shared 0x1255 address 0x7f2af7800000 vm_start 0x7f2af7800000 " +
    "vm_end 0x7f2af7a00000 pgoff 0 max_pgoff 0x1000 ";
  const done = daxPmdFault(fieldsOf(`${body}0x100`), "trace-cmd report");
  assertEquals([done?.pgoff, done?.result], [0, new Set(["NOPAGE"])]);
  assertEquals(
    done?.flags,
    new Set(["WRITE", "ALLOW_RETRY", "KILLABLE", "USER", "INTERRUPTIBLE", "VMA_LOCK"] as const),
  );
  assertEquals(daxPmdFault(fieldsOf(`${body}OOM`), "trace-cmd report")?.result, "unknown");
  assertEquals(daxPmdFault(fieldsOf(`${body}OOM`), "ftrace")?.result, new Set(["OOM"]));
});

Deno.test("flags are the same set as names, as a number, and as some of each", () => {
  const names = [
    "WRITE",
    "MKWRITE",
    "ALLOW_RETRY",
    "RETRY_NOWAIT",
    "KILLABLE",
    "TRIED",
    "USER",
    "REMOTE",
    "INSTRUCTION",
    "INTERRUPTIBLE",
    "UNSHARE",
    "ORIG_PTE_VALID",
    "VMA_LOCK",
  ];
  fc.assert(fc.property(fc.subarray(names), fc.subarray(names), (named, numbered) => {
    const bits = numbered.reduce((sum, name) => sum + 2 ** names.indexOf(name), 0);
    const text = [...named, ...(bits === 0 ? [] : [`0x${bits.toString(16)}`])].join("|");
    assertEquals<ReadonlySet<string> | undefined>(
      faultFlags(text),
      new Set([...named, ...numbered]),
    );
  }));
  assertEquals(faultFlags("WRITE|0x4000"), new Set(["WRITE", "unnamed"] as const));
  assertEquals(faultResult("NOPAGE|0x40000", "ftrace"), new Set(["NOPAGE", "unnamed"] as const));
  assertEquals(
    faultResult("0x2104", "trace-cmd report"),
    new Set(["MAJOR", "NOPAGE", "NEEDDSYNC"]),
  );
});

Deno.test("a flag that is cut or garbled makes its line unreadable, and never another flag", () => {
  for (const garbled of ["WRIT[", "WRIT", "WRITE|", "|USER", "0x1g", "NOVEL", "WRITE USER"]) {
    assertEquals([garbled, faultFlags(garbled), faultResult(garbled, "ftrace")], [
      garbled,
      undefined,
      undefined,
    ]);
    const body = `dev 259:0 ino 0x11 shared ${garbled} address 0x7fdca6391000 pgoff 0x1 NOPAGE`;
    assertEquals(daxPteFault(fieldsOf(body), "ftrace"), undefined, garbled);
  }
});

Deno.test("writeback of a range and of an entry", () => {
  assertEquals(
    daxWritebackRange(fieldsOf("dev 259:0 ino 0xc pgoff 0x0-0x7ffffffffffff")),
    { file: { dev: "259:0", ino: 12 }, start: 0, end: 0x7ffffffffffff },
  );
  assertEquals(
    daxWritebackRange(fieldsOf("dev 259:0 ino 0xc pgoff 0-0x1f")),
    { file: { dev: "259:0", ino: 12 }, start: 0, end: 0x1f },
  );
  assertEquals(
    daxWritebackOne(fieldsOf("dev 259:0 ino 0xc pgoff 0x0 pglen 0x200")),
    { file: { dev: "259:0", ino: 12 }, pgoff: 0, pglen: 512 },
  );
});

Deno.test("a huge zero page up to 6.1 and a huge zero folio later", () => {
  for (const zero of ["zero_page", "zero_folio"]) {
    const body =
      `dev 259:0 ino 0xc shared address 0x7f2ce5200000 ${zero} 00000000dd9f1d8f radix_entry 0x15`;
    assertEquals(daxPmdLoadHole(body), { file: { dev: "259:0", ino: 12 }, shared: true });
  }
});

Deno.test("ext4 prints devices with a comma and inodes in decimal", () => {
  const file = { dev: "259:0", ino: 12 };
  assertEquals(ext4SyncFileEnter(fieldsOf("dev 259,0 ino 12 parent 2 datasync 1 ")), { file });
  assertEquals(ext4SyncFileExit(fieldsOf("dev 259,0 ino 12 ret -5")), { file, ret: -5 });
  for (
    const range of [
      "dev 259,0 ino 12 offset 409600 len 16384 mode KEEP_SIZE|ZERO_RANGE",
      "dev 259,0 ino 12 offset 409600 len 16384 mode ",
      "dev 259,0 ino 12 offset 4096 len 8192",
    ]
  ) assertEquals(ext4Range(fieldsOf(range)), { file }, range);
  assertEquals(ext4Truncate(fieldsOf("dev 259,0 ino 12 blocks 4096")), { file });
});

Deno.test("xfs tells the range of a punch in newer kernels only", () => {
  const file = { dev: "259:1", ino: 0x1006 };
  for (
    const body of [
      "dev 259:1 ino 0x1006",
      "dev 259:1 ino 0x1006 iflags 0x0",
      "dev 259:1 ino 0x1006 isize 0x1000000 disize 0x1000000 pos 0x64000 bytecount 0x4000",
    ]
  ) assertEquals(xfsFile(body), { file }, body);
});

Deno.test("a page fault tells its address and whether the page was present", () => {
  assertEquals(
    pageFault(fieldsOf("address=0x1da6ff30 ip=0x52c436 error_code=0x7")),
    { address: 0x1da6ff30, present: true },
  );
  assertEquals(
    pageFault(fieldsOf("address=0x7ffe9f10fe58 ip=copy_user_enhanced_fast_string error_code=0x2")),
    { address: 0x7ffe9f10fe58, present: false },
  );
});

Deno.test("an inode number that a number cannot hold is not rounded to another inode's", () => {
  const body = (ino: string) => `dev 0:42 ino ${ino} pgoff 0x0 pglen 0x1`;
  assertEquals(
    daxWritebackOne(fieldsOf(body("0x1fffffffffffff")))?.file.ino,
    2 ** 53 - 1,
  );
  assertEquals(daxWritebackOne(fieldsOf(body("0x20000000000001"))), undefined);
});

Deno.test("no body makes a decoder throw, and what has another shape is not decoded", () => {
  fc.assert(fc.property(
    fc.constantFrom(...daxRows.filter((row) => !isProbed(row))),
    fc.oneof(fc.string(), fc.constant("[FAILED TO PARSE] ino=0xc vm_flags=0xfb result=256")),
    ({ source }, body) =>
      assertEquals(readerOfTracepoint(source)?.read({ body }, "ftrace"), undefined),
  ));
});

Deno.test("a folio of more than 1 GiB is none: its line is damaged", async () => {
  const read = async (order: number) => {
    const { records: [record] } = await readWhole(
      "           app-101   [000] .....    99.000100: mm_filemap_add_to_page_cache: " +
        `dev 7:0 ino d pfn=0x1 ofs=0 order=${order}\n`,
    );
    assert(record?.kind === "tracepoint");
    const reader = readerOfTracepoint(record.name);
    assert(reader?.tells === "cache");
    return reader.read(record, "ftrace");
  };
  const largest = await read(18);
  assert(largest !== "nothing" && largest?.kind === "folio_added");
  assertEquals(largest.folio.pages, 2 ** 18);
  assertEquals(await read(195), undefined);
});
