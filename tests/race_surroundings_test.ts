/**
 * Race diagrams with what mail and commit messages have around and in them: sentences, fences, stacks,
 * the functions and heads of other kernels, conditions that do not hold.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Step } from "../model/design.ts";
import { designs } from "../model/designs/catalogue.ts";
import { judgeRace, parseRace } from "../model/race.ts";
import { isKernelNameOf } from "../model/race/kernel_names.ts";
import { reportRace } from "../model/race/report.ts";
import { unlocked } from "./small_designs.ts";

function judge(text: string, id: string) {
  const parsed = parseRace(text);
  const design = [...designs, unlocked].find((each) => each.id === id);
  assert(parsed.kind === "race" && design !== undefined);
  return reportRace("mail", design, judgeRace(parsed.race, design));
}

const hole = `\
R                  W

enter
get_block(0)
                   enter
                   get_block(0, create)
                   dax_insert_mapping(0)
dax_load_hole(0)
`;

const before = `\
From: somebody

With this patch the following race exists, and the hole
stays mapped:

`;

const after = `
So a reader sees zeros over the block. The entry lock
would have to be taken before get_block().

-- 
Somebody
`;

Deno.test("sentences before and behind a diagram, fences and signatures are no steps of it", () => {
  const expected = judge(hole, "unlocked").out.map((line) => line.replace(/\d+:\d+/, ""));
  assert(expected.length > 0);
  const surrounded = [
    before + hole,
    hole + after,
    before + hole + after,
    `See below.\n\`\`\`text\n${hole}\`\`\`\nand so on\n`,
    `${hole}-- \nSomebody\n`,
    `${hole}---\n fs/dax.c | 2 +-\n`,
  ];
  for (const text of surrounded) {
    const { out } = judge(text, "unlocked");
    const read = out.filter((line) => !line.endsWith(": the diagram is read up to here"))
      .map((line) => line.replace(/\d+:\d+/, ""));
    assertEquals(read, expected, text);
  }
});

Deno.test("where the diagram is taken to end is said, and a step that no step is stays one", () => {
  const { out } = judge(hole + after, "unlocked");
  assert(out.includes("  10:1: the diagram is read up to here"));
  const { status, errors } = judge(`${hole}\nand the hole is gone\n`, "unlocked");
  assertEquals([status, errors], [1, []], "words on how things are");
  const odd = judge(`${hole}\nmakes the hole go\n`, "unlocked");
  assertEquals(odd.status, 2);
  assertStringIncludes(odd.errors[0] ?? "", `mail:10:1: R has no step "makes the hole go"`);
});

Deno.test("what a call finds may stand behind an arrow or below it", () => {
  const expected = judge(hole.replace("get_block(0)\n", "get_block(0) -> HOLE\n"), "unlocked").out;
  for (const found of ["get_block(0) -> finds hole", "get_block(0)\n  finds a hole"]) {
    const { status, out } = judge(hole.replace("get_block(0)", found), "unlocked");
    assertEquals(status, 1, found);
    assertEquals(out.length, expected.length, found);
  }
  const { errors } = judge(
    hole.replace("get_block(0)", "get_block(0)\n  finds nothing"),
    "unlocked",
  );
  assertEquals(errors, [
    `mail:4:1: not possible here under unlocked, because "get_block(0)" comes to HOLE here`,
  ]);
});

Deno.test("every line that is no step is said at once, and every head that is nobody", () => {
  const { errors } = judge("R\nget_blok(0)\nenter\nreclaim()\n", "unlocked");
  assertEquals(errors, [
    `mail:2:1: R has no step "get_blok(0)" in unlocked; did you mean "get_block(0)"?`,
    'mail:4:1: R has no step "reclaim()" in unlocked; `explain unlocked` lists its steps',
  ]);
  assertEquals(judge("X    Y\nenter\n     frob()\n", "F0").errors.length, 2);
});

const delalloc = `\
write(2)                         mmap write fault

truncate_pagecache_range()
                                 filemap_fault()
                                 xfs_filemap_page_mkwrite()
xfs_bmap_punch_delalloc_range()
                                 folio dirty, no reservation
`;

Deno.test("the heads and functions of a file system are those of a design, and that is said", () => {
  const { status, out } = judge(delalloc, "F0");
  assertEquals(status, 1);
  assert(out[0]?.startsWith("mail:6:1: INV-2 is broken under F0"), out[0]);
  for (
    const note of [
      `  1:1: "write(2)" is read as T`,
      `  4:34: "filemap_fault()" is read as "read folio 0"`,
      `  5:34: "xfs_filemap_page_mkwrite()" is read as "->page_mkwrite(0)"`,
      `  7:34: "folio dirty, no reservation" is read as a remark`,
    ]
  ) assert(out.includes(note), note);
  assertEquals(judge(delalloc, "F2").errors, [
    "mail:4:34: not possible here under F2, because mmap write fault (W) must do " +
    `"down_read(invalidate_lock)" before, and write(2) (T) holds invalidate_lock`,
  ]);
});

const madvFree = `\
direct read                      page reclaim

bio_iov_iter_get_pages()
                                 shrink_page_list()
                                   try_to_unmap_one()
                                     page not dirty: PTE dropped
                                   page_ref_freeze() fails: page kept
bio_set_pages_dirty()
`;

Deno.test("a condition that does not hold is said by what closes it", () => {
  const because = (id: string) => judge(madvFree, id).errors.map((line) => line.split(": ").at(-1));
  assertEquals(because("E6"), [
    "folio 0 is UPTODATE, DIRTY and direct read (G) has folio 0 pinned",
  ]);
  assertEquals(because("E6-blind"), ["folio 0 is UPTODATE, DIRTY"]);
});

Deno.test("columns that are call stacks are no race, and are said to be none", () => {
  const stacks = `\
--- Process 1 ---    --- Process 2 ---
zfs_range_lock       sync_page
zfs_get_data         wait_on_page_bit
zil_commit           write_cache_pages
zfs_putpage          zfs_putpage
`;
  const parsed = parseRace(stacks);
  assert(parsed.kind === "malformed");
  assertEquals([parsed.at.line, parsed.at.column], [2, 1]);
  assertStringIncludes(parsed.expected, "look like call stacks, innermost call first");
});

Deno.test("no step of a design bears a name that another kernel has for another step of its actor", () => {
  let names = 0;
  for (const { id, actors } of designs) {
    for (const { name, program } of actors) {
      const calls = new Set(program.map((step: Step) => step.name));
      for (const one of calls) {
        for (const other of calls) {
          const same = one.split("(")[0] === other.split("(")[0];
          assert(same || !isKernelNameOf(one, other), `${id}, ${name}: "${one}" is "${other}"`);
          names++;
        }
      }
    }
  }
  assert(names > 1000);
});
