/**
 * The rows of the mutation matrix for DAX faults and for cleaning DAX entries. That designs break what
 * they claim, and nothing else, is tests/every_design/verdicts.ts's to say.
 */
import { assert, assertEquals } from "@std/assert";
import { designs } from "../model/designs/catalogue.ts";
import { invariants } from "../model/invariants/catalogue.ts";

/** A toggle, the designs that have it, what it must break, and what breaks besides, with the reason. */
interface Row {
  readonly toggle: string;
  readonly designs: readonly string[];
  readonly breaks: readonly string[];
  readonly besides?: Readonly<Record<string, string>>;
}

const holeMappingsLeft = {
  "DAX-HOLE-3": "the ZERO entry of the mappings that are left is gone or a block's",
  "DAX-ENTRY-4": "the entry is deleted whatever is still mapped",
} as const;
const noHold = {
  "DAX-TAG-1": "a fault between two of the steps maps a page whose mark is then cleared",
  "DAX-CLEAN-1": "the lock is not held over the pass: that is the toggle",
  "DAX-CLEAN-2": "a fault between two of the steps maps a page writable again",
} as const;
const overwritten = {
  "DAX-ENTRY-1": "the small entry that is overwritten may be locked",
  "DAX-TAG-1": "its holder maps the page by an entry that is not marked",
  "DAX-CLEAN-1": "a pass over the small entry loses its hold",
  "DAX-CLEAN-2": "the holder maps the page after the pass over the PMD entry has protected it",
  "DAX-WAIT-1": "the mark of the small entry is gone without a pass",
  "LOCK-1": "whoever had the small entry locked cannot unlock it any more",
} as const;

const rows: readonly Row[] = [
  { toggle: "holeLock none", designs: ["A0", "A0-pmd", "A1", "A2"], breaks: ["DAX-HOLE-1"] },
  {
    toggle: "holeLock iomapOutside",
    designs: ["A7", "A7-fault"],
    breaks: ["DAX-HOLE-1", "DAX-HOLE-2"],
    besides: { "DAX-HOLE-3": "zeros are mapped though the entry is a block's by then" },
  },
  { toggle: "holeLock fsRwsemExclAlloc", designs: ["A3"], breaks: [] },
  {
    toggle: "the same, write(2) takes no lock",
    designs: ["A3-write"],
    breaks: ["DAX-HOLE-1"],
  },
  { toggle: "holeLock readFaultFirst, PTEs", designs: ["A4"], breaks: [] },
  {
    toggle: "holeLock readFaultFirst, PMDs",
    designs: ["A4-pmd"],
    breaks: ["DAX-HOLE-4"],
    besides: { "DAX-HOLE-1": "the page that still maps zeros has a block" },
  },
  { toggle: "pmdAlloc false", designs: ["A5"], breaks: [] },
  {
    toggle: "writeInvalidate none, unmapBeforeDelete",
    designs: ["A8-no-unmap", "A8-unmap-first"],
    breaks: ["DAX-HOLE-1"],
    besides: holeMappingsLeft,
  },
  { toggle: "zeroAfterMap", designs: ["A0-late-zero"], breaks: ["DAX-ZERO-2"] },
  {
    toggle: "pmdOverPte",
    designs: ["A9-pmd-over-pte"],
    breaks: ["DAX-ENTRY-2", "DUR-1"],
    besides: overwritten,
  },
  {
    toggle: "zeroPmdKeepsPtes",
    designs: ["A0-keep-hole-pages", "A9-keep-hole-mappings"],
    breaks: ["DAX-HOLE-4"],
    besides: {
      "DAX-HOLE-1": "the pages that still map zeros have blocks",
      "DAX-HOLE-3": "their ZERO entry is a block's",
      "DAX-HOLE-5": "that it becomes one with zeros still mapped is the toggle",
      "DAX-ENTRY-2": "in the tree of v4.5 hole pages stand where the PMD entry goes",
    },
  },
  { toggle: "keepPmdCheck", designs: ["A9-no-pmd-check"], breaks: ["DAX-ENTRY-2"] },
  { toggle: "wakeMode next", designs: ["A9-wake-one"], breaks: ["DAX-ENTRY-5"] },
  {
    toggle: "evictMapped",
    designs: ["A9-evict-mapped"],
    breaks: ["DAX-ENTRY-4", "DAX-HOLE-1"],
    besides: holeMappingsLeft,
  },
  { toggle: "evictDirty", designs: ["A9-drop-dirty"], breaks: ["DAX-TAG-2", "DUR-1"] },
  { toggle: "readFaultTags", designs: ["A9-read-tags"], breaks: ["DAX-TAG-3"] },
  { toggle: "mkclean none", designs: ["D3-no-mkclean"], breaks: ["DAX-CLEAN-2", "DUR-1"] },
  {
    toggle: "mkclean pteAtIndexOnly, firstIndexVmas",
    designs: ["D1", "D2", "D2-misaligned"],
    breaks: ["DUR-1"],
    besides: { "DAX-CLEAN-2": "the PTE that is not protected is why" },
  },
  { toggle: "mkclean stalePmdp", designs: ["D2b"], breaks: ["DAX-CLEAN-2", "DUR-1"] },
  { toggle: "mkclean rangeAll", designs: ["D3", "D3-misaligned", "D3-empty"], breaks: [] },
  { toggle: "mkclean includePrivate", designs: ["D3-include-private"], breaks: [] },
  {
    toggle: "removal wholeEntry",
    designs: ["D11", "D11-zero", "D11-truncate", "D11-unmap", "D16-part"],
    breaks: ["DAX-TAG-4", "DUR-1"],
  },
  { toggle: "removal writeBackUnlocked", designs: ["D13"], breaks: ["DAX-TAG-4", "DUR-1"] },
  {
    toggle: "removal writeBackLocked, split",
    designs: ["D12", "D12-truncate", "D12-D8", "D12-D8-truncate", "D14", "D14-truncate"],
    breaks: [],
  },
  {
    toggle: "removal keep",
    designs: ["D15"],
    breaks: [],
    besides: { "DAX-ENTRY-3": "expected sound, and refuted: the hole keeps a block's entry" },
  },
  {
    toggle: "towrite clearAtLock",
    designs: ["D3-two", "D3-three", "D3-pmd", "D3-removal"],
    breaks: ["DAX-WAIT-1", "DUR-1"],
  },
  {
    toggle: "towrite clearWithDirty, walkDirty, writebackMark",
    designs: ["8", "9", "10"].flatMap((each) =>
      ["two", "three", "pmd", "removal"].map((world) => `D${each}-${world}`)
    ),
    breaks: [],
  },
  {
    toggle: "cleanOrder flushBeforeProtect",
    designs: ["D3-flush-first"],
    breaks: ["DUR-1"],
    besides: { "DAX-CLEAN-3": "the order is the toggle" },
  },
  {
    toggle: "cleanOrder clearTagBeforeFlush, cleanLock false",
    designs: ["D5", "D5-clean-first"],
    breaks: ["DUR-1"],
    besides: { ...noHold, "DAX-CLEAN-3": "the order is the first toggle" },
  },
];

/** What follows from these by what the invariants say that they imply. */
function closure(ids: readonly string[]): ReadonlySet<string> {
  const all = new Set(ids);
  for (const id of all) {
    for (const each of invariants.find((one) => one.id === id)?.implies ?? []) all.add(each);
  }
  return all;
}

for (const { toggle, designs: ids, breaks, besides = {} } of rows) {
  Deno.test(`${toggle}: ${ids.join(", ")} break ${breaks.join(" and ") || "nothing"}`, () => {
    const expected = closure([...breaks, ...Object.keys(besides)]);
    for (const id of ids) {
      const design = designs.find((each) => each.id === id);
      assert(design !== undefined, `no design ${id}`);
      assertEquals(breaks.filter((each) => !design.breaks.includes(each)), [], id);
      assertEquals(design.breaks.filter((each) => !expected.has(each)), [], id);
    }
    const broken = ids.flatMap((id) => designs.find((each) => each.id === id)?.breaks ?? []);
    assertEquals(Object.keys(besides).filter((each) => !broken.includes(each)), []);
  });
}
