import { assert, assertEquals } from "@std/assert";
import { readChapter } from "../spec/chapter.ts";
import { explain, explanationText } from "../spec/explanation.ts";

const CHAPTER = readChapter(
  "spec/4-mkclean.md",
  `# Dirty tracking

### DAX-CLEAN-2 When the dirty tag goes, no mapping of the entry can be stored through.

\`\`\`yaml
kind: A
formula: ¬writable(v, i)
sources: [fs/dax.c]
needs: []
\`\`\`
`,
);

const PAGE = readChapter(
  "spec/races/D.md",
  `# D

Designs of chapter 4.

## D1

the first PTE only

- from: 4.9
- breaks: DAX-CLEAN-2 (9)

## D2

VMAs of the first page

- from: 4.10
- searched: 97 states, 120 transitions, depth 30;
  every run ends
- breaks: DAX-CLEAN-2 (7)
- keeps: none

The shortest race:

Step 1 breaks DAX-CLEAN-2: it stays writable.

\`\`\`race DAX-CLEAN-2
design: D2

A

store to page 1
\`\`\`

## D2b

a stale pmdp

- from: 5.10
- breaks: DUR-1 (8)

\`\`\`race DUR-1
\`\`\`

## D3

every VMA of the entry

- from: 5.19
- breaks: none

## D3-two

the same, two callers

- from: 5.19
- breaks: none

## D3-pmd

the same, a PMD
entry

- from: 5.19
- breaks: none

## No design

- from: here
`,
);

function explained(id: string): string {
  const explanation = explain(id, [CHAPTER, PAGE]);
  assert(explanation.kind !== "unknown", id);
  return explanationText(explanation);
}

Deno.test("explain prints what a design's page says, where its race stands, and the race", () => {
  assertEquals(
    explained("d2"),
    `D2  VMAs of the first page

  from      4.10
  searched  97 states, 120 transitions, depth 30; every run ends
  breaks    DAX-CLEAN-2 (7)
  keeps     none
  page      spec/races/D.md:12
  race      spec/races/D.md:26

D2 breaks DAX-CLEAN-2:

A

store to page 1`,
  );
});

Deno.test("a sound design has no race to print", () => {
  assertEquals(
    explained("D3"),
    `D3  every VMA of the entry

  from    5.19
  breaks  none
  page    spec/races/D.md:44`,
  );
});

Deno.test("a design that is the same but for something is explained with what it is the same as", () => {
  assertEquals(
    explained("D3-pmd"),
    `D3-pmd  the same, a PMD entry

  the same as  D3: every VMA of the entry
  from         5.19
  breaks       none
  page         spec/races/D.md:58`,
  );
});

Deno.test("explain names the designs that break an invariant, and prints the shortest race of all", () => {
  assertEquals(
    explained("DAX-CLEAN-2"),
    `DAX-CLEAN-2  When the dirty tag goes, no mapping of the entry can be stored through.

  kind       action or interval
  formula    ¬writable(v, i)
  sources    fs/dax.c
  chapter    spec/4-mkclean.md:3
  broken by  D1 (9), D2 (7)
  race       spec/races/D.md:26

D2 breaks DAX-CLEAN-2:

A

store to page 1`,
  );
});

Deno.test("an unknown id is answered with the designs nearest to it", () => {
  assertEquals(explain("D4", [CHAPTER, PAGE]), {
    kind: "unknown",
    line:
      'expected the id of an invariant, a design or a commit, not "D4"; did you mean D1, D2, D3?',
  });
});
