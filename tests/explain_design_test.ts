import { assertEquals } from "@std/assert";
import { readChapter } from "../spec/chapter.ts";
import { explain } from "../spec/explain_command.ts";

const CHAPTER = readChapter(
  "spec/4-mkclean.md",
  `# Dirty tracking

## Designs

| design | what it does differently | from | states | breaks          | keeps |
| ------ | ------------------------ | ---- | ------ | --------------- | ----- |
| D2     | VMAs of the first page   | 4.10 | 97     | DAX-CLEAN-2 (7) | none  |
| D3     | every VMA of the entry   | 5.19 | 112    | none            | none  |

### D2 VMAs of the first page

Step 1 breaks DAX-CLEAN-2: it stays writable.

\`\`\`race DAX-CLEAN-2
design: D2

A

store to page 1
\`\`\`

### D2b a stale pmdp

\`\`\`race DUR-1
\`\`\`
`,
);

Deno.test("explain prints a design's row, where its race stands, and the race", () => {
  assertEquals(explain("d2", [CHAPTER]), {
    kind: "explained",
    text: `D2  VMAs of the first page

  from     4.10
  states   97
  breaks   DAX-CLEAN-2 (7)
  keeps    none
  chapter  spec/4-mkclean.md:7
  race     spec/4-mkclean.md:14

breaks DAX-CLEAN-2

design: D2

A

store to page 1`,
  });
});

Deno.test("a sound design has no race to print", () => {
  assertEquals(explain("D3", [CHAPTER]), {
    kind: "explained",
    text: `D3  every VMA of the entry

  from     5.19
  states   112
  breaks   none
  keeps    none
  chapter  spec/4-mkclean.md:8`,
  });
});

Deno.test("an unknown id is answered with the designs nearest to it", () => {
  assertEquals(explain("D4", [CHAPTER]), {
    kind: "unknown",
    line: 'expected the id of an invariant or a design, not "D4"; did you mean D2, D3?',
  });
});
