import { assert, assertEquals } from "@std/assert";
import { type Chapter, readChapter } from "../spec/chapter.ts";
import { explain, explanationText } from "../spec/explanation.ts";

function explained(id: string, chapters: readonly Chapter[]): string {
  const explanation = explain(id, chapters);
  assert(explanation.kind !== "unknown", id);
  return explanationText(explanation);
}

const CHAPTER = readChapter(
  "spec/4-mkclean.md",
  `# Dirty tracking

### DAX-CLEAN-2 When the dirty tag goes, no mapping of the entry can be stored through.

\`\`\`yaml
kind: A
formula: |
  clear_dirty(i) ⇒
    ∀v: ¬writable(v, i)
exceptions:
  - private mappings
  - FS_DAX_LIMITED has PTE entries only
sources: [fs/dax.c]
needs: [mkclean]
\`\`\`

Each process has its own [page table](1-dax-faults.md#the-state).

### DAX-CLEAN-3 Protect, then flush, then clear the tag.

\`\`\`yaml
kind: A
formula: k4 < k5 < k6
sources: [fs/dax.c]
needs: []
\`\`\`
`,
);

Deno.test("explain prints what the chapter says and where it says it", () => {
  assertEquals(
    explained("DAX-CLEAN-2", [CHAPTER]),
    `DAX-CLEAN-2  When the dirty tag goes, no mapping of the entry can be stored through.

  kind        action or interval
  formula     clear_dirty(i) ⇒
                ∀v: ¬writable(v, i)
  exceptions  private mappings
              FS_DAX_LIMITED has PTE entries only
  sources     fs/dax.c
  needs       mkclean
  chapter     spec/4-mkclean.md:3

Each process has its own page table.`,
  );
});

Deno.test("an id is found in any case", () => {
  assertEquals(explain("dax-clean-3", [CHAPTER]), explain("DAX-CLEAN-3", [CHAPTER]));
});

Deno.test("an unknown id is answered with the ids nearest to it", () => {
  assertEquals(explain("DAX-CLEAN-9", [CHAPTER]), {
    kind: "unknown",
    line:
      'expected the id of an invariant, not "DAX-CLEAN-9"; did you mean DAX-CLEAN-2, DAX-CLEAN-3?',
  });
  assertEquals(explain("PIN-1", [CHAPTER]), {
    kind: "unknown",
    line: 'expected the id of an invariant, not "PIN-1"',
  });
});

Deno.test("an id that a broken chapter may hold is answered with the chapter's first mistake", () => {
  const broken = readChapter("spec/5-pins.md", "### PIN-1 A pinned folio is not freed.\n");
  assertEquals(explain("PIN-1", [CHAPTER, broken]), {
    kind: "unknown",
    line: "spec/5-pins.md:1: expected a yaml fence right after PIN-1",
  });
});
