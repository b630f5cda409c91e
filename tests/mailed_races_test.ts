/**
 * Diagrams as people send them: quoted, introduced, with remarks, in their own spelling.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { designs } from "../model/designs/catalogue.ts";
import { explore } from "../model/explore.ts";
import { columnsOf, judgeRace, parseRace, printRace, runOf } from "../model/race.ts";
import { reportRace } from "../model/race/report.ts";

function judge(text: string, id: string) {
  const parsed = parseRace(text);
  const design = designs.find((each) => each.id === id);
  assert(parsed.kind === "race" && design !== undefined);
  return reportRace("mail", design, judgeRace(parsed.race, design));
}

/** The ids that a report begins its lines with, each with its place. */
function broken({ out }: { readonly out: readonly string[] }): readonly string[] {
  return out.flatMap((line) =>
    /^mail:(\d+:\d+: [A-Z]+-[A-Z0-9-]+) is broken/.exec(line)?.[1] ?? []
  );
}

/** Seed 000 with the sentence before it, and the text after it cut off. */
const readAgainstWrite = `\
> > > With the current DAX code the following race exists:
> > >
> > > Process 1                     Process 2
> > > ---------                     ---------
> > >
> > > __dax_fault() - read file f, index 0
> > >   get_block() -> returns hole
> > >                               __dax_fault() - write file f, index 0
> > >                                 get_block() -> allocates blocks
> > >                                 dax_insert_mapping()
> > >   dax_load_hole()
> > >   *data corruption*
`;

Deno.test("functions and results may be written as mail writes them, and a sentence may lead up to the diagram", () => {
  assertEquals(broken(judge(readAgainstWrite, "A0")), ["11:9: DAX-HOLE-1"]);
});

Deno.test("a result in words that the design does not have is told with what the step comes to", () => {
  const { status, errors } = judge(readAgainstWrite.replace("allocates blocks", "finds one"), "A0");
  assertEquals(status, 2);
  assertMatch(
    errors[0] ?? "",
    /^mail:9:39: not possible here under A0, because "get_block\(0, create\)" comes to NEW here$/,
  );
});

Deno.test("quoting, line ends and the spelling of arrows change nothing but columns", () => {
  const withoutColumns = (text: string) =>
    judge(text, "A0").out.map((line) => line.replace(/^(mail:| {2})(\d+):\d+/, "$1$2"));
  const spellings = [
    readAgainstWrite.replace(/^> > > ?/gm, ""),
    readAgainstWrite.replaceAll("> > > ", ">>> "),
    readAgainstWrite.replaceAll("\n", "\r\n"),
    ...["-->", "=>", "==>", "→", "⟶", "⇒"].map((arrow) =>
      readAgainstWrite.replaceAll(" -> ", ` ${arrow} `)
    ),
  ];
  const expected = withoutColumns(readAgainstWrite);
  for (const text of spellings) assertEquals(withoutColumns(text), expected, text);
});

Deno.test("a rule that only separates or signs makes no head of the line above it", () => {
  const signed = "R    W\nget_block(0)\n-- \nJan\n";
  const parsed = parseRace(signed);
  assert(parsed.kind === "race");
  assertEquals(parsed.race.columns.map(({ name }) => name), ["R", "W"]);
});

Deno.test("a head may say what its column does, and dashes begin a remark", () => {
  const text = `\
CPU1 - write(2)                 CPU2 - read fault
                                dax_iomap_pte_fault()
                                  ->iomap_begin() -> HOLE
dax_iomap_rw()
  iomap_apply()
    ->iomap_begin() -> NEW
    dax_iomap_actor()
      invalidate_inode_pages2_range()
        - there is nothing to invalidate
                                  grab_mapping_entry()
                                  dax_load_hole()
                                  - the zero page is mapped
`;
  assertEquals(broken(judge(text, "A7")), ["11:35: DAX-HOLE-2"]);
});

Deno.test("the steps of the mkclean thread lose a store under D2, and nothing under D3", () => {
  const text = `\
> > > > process A            process B                        fsync
> > > >
> > > > store to page 0
> > > >                      store to page 1 -> fault
> > > >                        vmf_insert_mixed_mkwrite()
> > > >                                                       tag_pages_for_writeback()
> > > >                                                       clear DIRTY, unlock entry 0
> > > >                                                       fsync returns 0
> > > >                      store to page 1
> > > >                        - no page fault: the pte is writable
> > > >                                                       tag_pages_for_writeback()
> > > >                                                       fsync returns 0
`;
  assertEquals(broken(judge(text, "D2")), ["7:63: DAX-CLEAN-2", "12:63: DUR-1"]);
  assertEquals(judge(text, "D3").status, 0);
});

Deno.test("two direct writes into each other's mapping hang under C3-naive, as the faults_disabled_mapping thread says", () => {
  const text = `\
Task A                                        Task B

lock BLOCK(X)
                                              lock BLOCK(Y)
pin_user_pages() -> not present: fault
  - dio -> gup -> page fault
                                              pin_user_pages() -> not present: fault
`;
  assertEquals(broken(judge(text, "C3-naive")), ["7:47: LOCK-1"]);
});

Deno.test("a device that writes behind page_mkclean breaks STABLE-1 under E0, and not where writeback copies", () => {
  const text = `\
G                                F

gup_fast() -> pinned
                                 folio_clear_dirty_for_io()
                                 folio_start_writeback()
the device writes to the page
`;
  assertEquals(broken(judge(text, "E0")), ["6:1: STABLE-1", "6:1: PIN-3"]);
  assertEquals(broken(judge(text, "E2")), ["6:1: PIN-3"]);
});

Deno.test("a result that the step does not come to here is told, also where it comes to nothing in particular", () => {
  const { errors } = judge("A store\nstore to page 0 -> fault\n", "D2");
  assertEquals(
    errors[0],
    `mail:2:1: not possible here under D2, because "store to page 0" happens here without "fault"`,
  );
});

Deno.test("what is no diagram is quoted by its beginning only", () => {
  const { errors } = judge(`${"a sentence that goes on, ".repeat(40)}\nand on\n`, "A0");
  assert((errors[0] ?? "").length < 200, errors[0]);
});

Deno.test("a race with lines dropped, doubled or swapped is judged or refused in one line", () => {
  const ids = ["A0", "A7", "D3-pmd", "C3-naive", "E0", "F0"];
  const chosen = designs.filter(({ id }) => ids.includes(id)).map((design) => {
    const found = explore(design).findings.find(({ verdict }) => verdict === "violated");
    assert(found?.verdict === "violated", design.id);
    const run = runOf(found.path);
    return { design, run, columns: columnsOf(design, run) };
  });
  const change = fc.record({ at: fc.nat(), to: fc.nat(), how: fc.constantFrom(0, 1, 2) });
  const cases = fc.tuple(fc.constantFrom(...chosen), fc.array(change, { maxLength: 4 }));
  fc.assert(fc.property(cases, ([{ design, run, columns }, changes]) => {
    const steps = [...run];
    for (const { at, to, how } of changes) {
      if (steps.length === 0) break;
      const [taken] = steps.splice(at % steps.length, how === 1 ? 0 : 1);
      const step = taken ?? steps[at % steps.length];
      if (step !== undefined && how > 0) steps.splice(to % (steps.length + 1), 0, step);
    }
    const parsed = parseRace(printRace(steps, columns));
    assert(parsed.kind === "race");
    const verdict = judgeRace(parsed.race, design);
    const { status, out, errors } = reportRace("mail", design, verdict);
    assertEquals(status === 2, errors.length > 0);
    for (const error of errors) assert(!error.includes("\n"), error);
    assert(out.length > 0);
    if (verdict.kind !== "not_possible") return;
    assert(verdict.at.line > 1 && verdict.at.column > 0);
  }));
});

Deno.test("who wrote what is quoted is no head of a column, though the diagram follows at once", () => {
  const diagram = readAgainstWrite.split("\n").slice(2);
  for (
    const said of [
      ["On Mon, Nov 30, 2026 at 01:00:00AM +0000, A. Writer wrote:"],
      ["On Mon, 30 Nov 2026 01:00:00 +0000", "A. Writer <writer@example.org> wrote:"],
    ]
  ) {
    assertEquals(broken(judge([...said, ...diagram].join("\n"), "A0")).length, 1, said.join());
  }
});
