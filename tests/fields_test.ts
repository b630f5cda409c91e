import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { DECODED_EVENTS, decodeFields, isDecoded } from "../vectors/kernel/fields.ts";
import { faultFlags, faultResult } from "../vectors/kernel/fields/fault_flags.ts";

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
    const fields = decodeFields("dax_pte_fault_done", body, "ftrace");
    assert(fields !== undefined, kernel);
    const { dev, ino, shared, address, pgoff, result } = fields;
    assertEquals({ dev, ino, shared, address, pgoff }, {
      dev: "259:0",
      ino: 0x11,
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
  const fields = decodeFields("dax_pte_fault", begins, "ftrace");
  assertEquals([fields?.shared, fields?.result], [false, new Set()]);
  const bare = decodeFields(
    "dax_load_hole",
    "dev 259:0 ino 0xc shared  address 0x7f8c30c01000 pgoff 0x0 NOPAGE",
    "ftrace",
  );
  assertEquals([bare?.flags, bare?.result], [new Set(), new Set(["NOPAGE"])]);
});

Deno.test("an attempt at 2 MiB has the bounds of its VMA and of its file", () => {
  const body =
    `dev 259:0 ino 0x12 shared ${FLAGS} address 0x7f598f201000 vm_start 0x7f598f200000 ` +
    "vm_end 0x7f598f400000 pgoff 0x1 max_pgoff 0x1000 FALLBACK";
  assertEquals(decodeFields("dax_pmd_fault_done", body, "ftrace"), {
    dev: "259:0",
    ino: 0x12,
    shared: true,
    flags: new Set(["WRITE", "ALLOW_RETRY", "KILLABLE", "USER", "INTERRUPTIBLE"] as const),
    address: 0x7f598f201000,
    vmStart: 0x7f598f200000,
    vmEnd: 0x7f598f400000,
    pgoff: 1,
    maxPgoff: 0x1000,
    result: new Set(["FALLBACK"] as const),
  });
});

Deno.test("trace-cmd's numbers are exact, and its OOM for 0 is not believed", () => {
  const body = "dev 259:0 ino 0xc shared 0x1255 address 0x7f2af7800000 vm_start 0x7f2af7800000 " +
    "vm_end 0x7f2af7a00000 pgoff 0 max_pgoff 0x1000 ";
  const done = decodeFields("dax_pmd_fault_done", `${body}0x100`, "trace-cmd report");
  assertEquals([done?.pgoff, done?.result], [0, new Set(["NOPAGE"])]);
  assertEquals(
    done?.flags,
    new Set(["WRITE", "ALLOW_RETRY", "KILLABLE", "USER", "INTERRUPTIBLE", "VMA_LOCK"] as const),
  );
  assertEquals(
    decodeFields("dax_pmd_fault", `${body}OOM`, "trace-cmd report")?.result,
    "unknown",
  );
  assertEquals(decodeFields("dax_pmd_fault", `${body}OOM`, "ftrace")?.result, new Set(["OOM"]));
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
    assertEquals<ReadonlySet<string>>(faultFlags(text), new Set([...named, ...numbered]));
  }));
  assertEquals(faultFlags("WRITE|0x4000"), new Set(["WRITE", "unnamed"] as const));
  assertEquals(faultResult("NOPAGE|NOVEL", "ftrace"), new Set(["NOPAGE", "unnamed"] as const));
  assertEquals(
    faultResult("0x2104", "trace-cmd report"),
    new Set(["MAJOR", "NOPAGE", "NEEDDSYNC"]),
  );
});

Deno.test("writeback of a range and of an entry", () => {
  assertEquals(
    decodeFields("dax_writeback_range", "dev 259:0 ino 0xc pgoff 0x0-0x7ffffffffffff", "ftrace"),
    { dev: "259:0", ino: 12, start: 0, end: 0x7ffffffffffff },
  );
  assertEquals(
    decodeFields("dax_writeback_range", "dev 259:0 ino 0xc pgoff 0-0x1f", "trace-cmd report"),
    { dev: "259:0", ino: 12, start: 0, end: 0x1f },
  );
  assertEquals(
    decodeFields("dax_writeback_one", "dev 259:0 ino 0xc pgoff 0x0 pglen 0x200", "ftrace"),
    { dev: "259:0", ino: 12, pgoff: 0, pglen: 512 },
  );
});

Deno.test("5.10's insertions of an entry", () => {
  assertEquals(
    decodeFields(
      "dax_insert_mapping",
      "dev 259:0 ino 0xc shared write address 0x7f2ce5201000 radix_entry 0x902001",
      "ftrace",
    ),
    {
      dev: "259:0",
      ino: 12,
      shared: true,
      write: true,
      address: 0x7f2ce5201000,
      radixEntry: "0x902001",
    },
  );
  const pmd = decodeFields(
    "dax_pmd_insert_mapping",
    "dev 259:0 ino 0xd shared write address 0x7f1ceea0e000 length 0x200000 pfn 0x49000 DEV|MAP radix_entry 0x920005",
    "ftrace",
  );
  assertEquals([pmd?.length, pmd?.pfn, pmd?.radixEntry], [0x200000, 0x49000, "0x920005"]);
});

Deno.test("a huge zero page up to 6.1 and a huge zero folio later", () => {
  for (const zero of ["zero_page", "zero_folio"]) {
    const body =
      `dev 259:0 ino 0xc shared address 0x7f2ce5200000 ${zero} 00000000dd9f1d8f radix_entry 0x15`;
    const fields = decodeFields("dax_pmd_load_hole", body, "ftrace");
    assertEquals([fields?.ino, fields?.zero, fields?.radixEntry], [12, "00000000dd9f1d8f", "0x15"]);
  }
});

Deno.test("ext4 prints devices with a comma and inodes in decimal", () => {
  assertEquals(
    decodeFields(
      "ext4_sync_file_enter",
      "dev 259,0 ino 12 parent 2 datasync 1 ",
      "ftrace",
    ),
    { dev: "259:0", ino: 12, datasync: true },
  );
  assertEquals(
    decodeFields("ext4_sync_file_exit", "dev 259,0 ino 12 ret -5", "ftrace"),
    { dev: "259:0", ino: 12, ret: -5 },
  );
  const zero = "dev 259,0 ino 13 offset 409600 len 16384 mode KEEP_SIZE|ZERO_RANGE";
  assertEquals(decodeFields("ext4_zero_range", zero, "ftrace"), {
    dev: "259:0",
    ino: 13,
    offset: 409600,
    len: 16384,
    mode: new Set(["KEEP_SIZE", "ZERO_RANGE"]),
  });
  const punch = "dev 259,0 ino 12 offset 409600 len 16384 mode ";
  assertEquals(decodeFields("ext4_punch_hole", punch, "ftrace")?.mode, new Set());
  const collapse = "dev 259,0 ino 12 offset 4096 len 8192";
  assertEquals(decodeFields("ext4_collapse_range", collapse, "ftrace")?.len, 8192);
  assertEquals(
    decodeFields("ext4_fallocate_exit", "dev 7,0 ino 12 pos 4096 blocks 8 ret 0", "ftrace"),
    { dev: "7:0", ino: 12, offset: 4096, blocks: 8, ret: 0 },
  );
  assertEquals(
    decodeFields("ext4_truncate_enter", "dev 7,0 ino 12 blocks 4096", "ftrace"),
    { dev: "7:0", ino: 12, blocks: 4096 },
  );
});

Deno.test("xfs tells the range of a punch in newer kernels only", () => {
  assertEquals(
    decodeFields("xfs_file_fsync", "dev 259:1 ino 0x1006 iflags 0x0", "ftrace"),
    { dev: "259:1", ino: 0x1006 },
  );
  for (const body of ["dev 259:1 ino 0x1006", "dev 259:1 ino 0x1006 iflags 0x0"]) {
    assertEquals(decodeFields("xfs_free_file_space", body, "ftrace"), {
      dev: "259:1",
      ino: 0x1006,
      range: undefined,
    });
  }
  const newer =
    "dev 259:1 ino 0x1006 isize 0x1000000 disize 0x1000000 pos 0x64000 bytecount 0x4000";
  assertEquals(
    decodeFields("xfs_free_file_space", newer, "ftrace")?.range,
    { offset: 0x64000, len: 0x4000 },
  );
});

Deno.test("a page fault has its error code in words, and the kernel's addresses as text", () => {
  assertEquals(
    decodeFields("page_fault_user", "address=0x1da6ff30 ip=0x52c436 error_code=0x7", "ftrace"),
    {
      address: 0x1da6ff30,
      ip: 0x52c436,
      errorCode: 7,
      present: true,
      write: true,
      user: true,
      instruction: false,
    },
  );
  const kernel = decodeFields(
    "page_fault_kernel",
    "address=0x7ffe9f10fe58 ip=copy_user_enhanced_fast_string error_code=0x2",
    "ftrace",
  );
  assertEquals([kernel?.ip, kernel?.user], ["copy_user_enhanced_fast_string", false]);
});

Deno.test("an inode number that a number cannot hold is not rounded to another inode's", () => {
  const body = (ino: string) => `dev 0:42 ino ${ino} pgoff 0x0 pglen 0x1`;
  assertEquals(
    decodeFields("dax_writeback_one", body("0x1fffffffffffff"), "ftrace")?.ino,
    2 ** 53 - 1,
  );
  assertEquals(decodeFields("dax_writeback_one", body("0x20000000000001"), "ftrace"), undefined);
});

Deno.test("no body makes a decoder throw, and what has another shape is not decoded", () => {
  fc.assert(fc.property(
    fc.constantFrom(...DECODED_EVENTS),
    fc.oneof(fc.string(), fc.constant("[FAILED TO PARSE] ino=0xc vm_flags=0xfb result=256")),
    (name, body) => {
      assert(isDecoded(name));
      assertEquals(decodeFields(name, body, "ftrace"), undefined);
    },
  ));
});
