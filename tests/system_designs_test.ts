import { assert, assertEquals } from "@std/assert";
import type { Design } from "../model/design.ts";
import { directIoDesigns } from "../model/designs/direct_io.ts";
import { durabilityDesigns } from "../model/designs/durability.ts";
import { pinDesigns } from "../model/designs/pins.ts";
import { truncateDesigns } from "../model/designs/truncate.ts";
import { brokenBy, type Exploration, explore } from "../model/explore.ts";
import { invariants } from "../model/invariants/catalogue.ts";
import { runOf } from "../model/race.ts";
import { explorationOfId } from "./every_design/explored.ts";

const designs = [...durabilityDesigns, ...directIoDesigns, ...pinDesigns, ...truncateDesigns];

/** Steps of the shortest run that breaks an invariant, as `actor: step`. */
function raceOf(id: string, invariant: string): readonly string[] {
  const finding = explorationOfId(id).findings.find((each) => each.id === invariant);
  if (finding?.verdict !== "violated") throw new Error(`${id} does not break ${invariant}`);
  return runOf(finding.path).map(({ actor, step }) => `${actor}: ${step}`);
}

/** True if these come one after another in the run, whatever is in between. */
function comeInOrder(run: readonly string[], steps: readonly string[]): boolean {
  let next = 0;
  for (const each of run) if (each === steps[next]) next++;
  return next === steps.length;
}

/** What follows from these by what the invariants say that they imply. */
function closure(ids: readonly string[]): ReadonlySet<string> {
  const all = new Set(ids);
  for (const id of all) {
    for (const each of invariants.find((one) => one.id === id)?.implies ?? []) all.add(each);
  }
  return all;
}

/** A row of the mutation matrix: a toggle, the design that has it, and what it must break. */
interface Mutation {
  readonly toggle: string;
  readonly design: string;
  readonly breaks: readonly string[];
  /** What it breaks besides, and why the matrix does not say so. */
  readonly besides?: readonly (readonly [id: string, why: string])[];
}

const pinsAsTheyAre = [
  ["STABLE-1", "short pins are as in E0"],
  ["PIN-3", "the release marks the page dirty as in E0"],
] as const;

const silentLoss = [[
  "COH-3",
  "writeback of the older folio may come between the direct write and the second invalidation, " +
  "which then finds a clean folio and records no error",
]] as const;

/** Appendix C, the rows of systems B, C, E and F. */
const mutations: readonly Mutation[] = [
  { toggle: "tlbFlush deferred", design: "WB-zap-deferred", breaks: ["WB-CLEAN-1"] },
  { toggle: "syncFault mapBeforeFsync", design: "B1-maps-first", breaks: ["META-1"] },
  {
    toggle: "syncFault noTag",
    design: "B2",
    breaks: ["DUR-3"],
    besides: [["DAX-TAG-1", "a writable PTE without a DIRTY mark is what the design is"]],
  },
  { toggle: "syncFault tagNoInodeDirty", design: "B1-syncfs", breaks: ["DUR-1"] },
  { toggle: "fdatasync skipIfDataClean (punch)", design: "B-fdatasync-skip", breaks: ["META-2"] },
  {
    toggle: "fdatasync skipIfDataClean (prealloc)",
    design: "B-fdatasync-prealloc-skip",
    breaks: ["META-2"],
    besides: [["DUR-1", "the written data is behind an extent that reads as zeros"]],
  },
  { toggle: "fdatasync noFlushIfNoMeta", design: "B-fdatasync-noflush", breaks: ["DUR-1"] },
  { toggle: "dsyncExtend", design: "B-dsync-extend-clean", breaks: ["DUR-2"] },
  { toggle: "dioInvalidate before", design: "C0", breaks: ["COH-1", "COH-2"] },
  { toggle: "dioInvalidate beforeAfter", design: "C1", breaks: [], besides: silentLoss },
  { toggle: "dioInvalidate after end_io off", design: "C1b", breaks: ["COH-5"] },
  { toggle: "aioInvalidate never", design: "C1a", breaks: ["COH-1"] },
  { toggle: "dioLock twoState without order", design: "C3-naive", breaks: ["LOCK-1"] },
  { toggle: "the same, same file", design: "C3-naive-self", breaks: ["LOCK-1", "LOCK-2"] },
  { toggle: "dioLock without re-invalidate", design: "C3-order-only", breaks: ["ADD-3", "COH-1"] },
  { toggle: "dioLock invalidateLockExcl", design: "C2-self", breaks: ["LOCK-1"] },
  { toggle: "gfsNofault false, one node", design: "C4-faults-self", breaks: ["LOCK-1"] },
  { toggle: "gfsNofault false, two nodes", design: "C4-faults", breaks: ["LOCK-1"] },
  { toggle: "punchLock none", design: "F0", breaks: ["INV-1", "INV-2"] },
  { toggle: "punchLock faultOnly", design: "F1", breaks: ["INV-1"] },
  { toggle: "punchOrder", design: "F2-collapse-outside", breaks: ["INV-5"] },
  { toggle: "isizeRecheck", design: "F2-truncate-unchecked", breaks: ["DAX-SIZE-1"] },
  { toggle: "mkwriteOnExtend", design: "F2-extend-writable", breaks: ["WB-MKWRITE-2"] },
  { toggle: "iomapCookie", design: "F2-iomap-stale", breaks: ["INV-6"] },
  { toggle: "towriteRule", design: "WB-towrite-any", breaks: ["WB-TOWRITE-1", "DUR-1"] },
  { toggle: "stableWait off", design: "E7-superblock", breaks: ["STABLE-1", "STABLE-2"] },
  {
    toggle: "gupStable off",
    design: "E0",
    breaks: ["STABLE-1"],
    besides: [[
      "PIN-3",
      "a page is marked dirty at release although the file system was not told (chapter 5)",
    ]],
  },
  {
    toggle: "gupDirtyOnRelease false",
    design: "E0-no-dirty",
    breaks: ["PIN-2", "DUR-1"],
    besides: [["STABLE-1", "short pins are as in E0"]],
  },
  { toggle: "gupLongterm", design: "E4-allowed", breaks: ["PIN-5"], besides: pinsAsTheyAre },
  { toggle: "layoutBreak false", design: "E5-ignored", breaks: ["LAYOUT-1"] },
  { toggle: "layoutBreak skipIfUnmapped", design: "E5-unmapped", breaks: ["LAYOUT-1"] },
  { toggle: "frozenMap", design: "B4", breaks: [] },
];

for (const { toggle, design, breaks, besides = [] } of mutations) {
  Deno.test(`${toggle}: ${design} breaks ${breaks.join(" and ") || "nothing"}`, () => {
    const broken = brokenBy(explorationOfId(design));
    for (const id of breaks) assert(broken.includes(id), `${design} does not break ${id}`);
    const expected = closure([...breaks, ...besides.map(([id]) => id)]);
    assertEquals(broken.filter((id) => !expected.has(id)), []);
  });
}

for (const { id, breaks } of designs) {
  Deno.test(`${id} breaks what it claims to break: ${breaks.join(", ") || "nothing"}`, () => {
    assertEquals(new Set(brokenBy(explorationOfId(id))), new Set(breaks));
  });
}

/** Steps behind a wait that never ends; and of a second fsync, whose own page nobody makes dirty again. */
const unreachable: ReadonlyMap<string, number> = new Map([
  ["B-fc-two", 2],
  ["B-fc-two-any", 2],
  ["C2-self", 2],
  ["C3-naive-self", 2],
  ["C4-faults-self", 2],
]);

Deno.test("every way of going is gone by some run, but behind an endless wait and where a page stays clean", () => {
  for (const { id } of designs) {
    const { untaken } = explorationOfId(id);
    const said = untaken.map(({ actor, step, branch }) =>
      `${id}, ${actor.name}: ${step.name} ${branch.result}`
    );
    assertEquals(said.length, unreachable.get(id) ?? 0, said.join("\n"));
  }
});

Deno.test("every invariant of these systems is broken by a design and kept by another", () => {
  const own = invariants.filter(({ about }) => about === "file").map(({ id }) => id);
  assert(own.length > 30);
  for (const id of own) {
    const verdicts = designs.map((design) =>
      explorationOfId(design.id).findings.find((each) => each.id === id)?.verdict
    );
    assert(verdicts.includes("violated"), `no design breaks ${id}`);
    assert(verdicts.includes("holds"), `no design keeps ${id}`);
  }
});

Deno.test("the steps of a program have labels of their own, and go where there is a step", () => {
  for (const { id, actors } of designs) {
    for (const { name, program } of actors) {
      const labels = program.map(({ label }) => label);
      assertEquals(labels.length, new Set(labels).size, `${id}, ${name}`);
      const targets = program.flatMap(({ branches }) => branches.flatMap(({ goto }) => goto ?? []));
      assertEquals(targets.filter((to) => to !== "end" && !labels.includes(to)), []);
    }
  }
});

Deno.test("the race of C0 is the three steps of chapter 3, and no longer", () => {
  const steps = [
    "D: invalidate_inode_pages2_range(0)",
    "R: filemap_add_folio(0)",
    "D: the device writes page 0",
    "D: the direct write returns",
  ];
  const race = raceOf("C0", "COH-1");
  assert(comeInOrder(race, steps), race.join("\n"));
  assertEquals(race.length, 10);
});

Deno.test("the naive two-state lock ends with each of two tasks waiting for the other's lock", () => {
  const race = raceOf("C3-naive", "LOCK-1");
  assert(race.includes("D: lock BLOCK(X)") && race.includes("E: lock BLOCK(Y)"), race.join("\n"));
  assert(!race.includes("D: lock ADD(Y)") && !race.includes("E: lock ADD(X)"), race.join("\n"));
});

Deno.test("E-a: the page is pinned, its writeback begins, the device writes, then reads", () => {
  const race = raceOf("E0", "STABLE-1");
  const steps = [
    "G: gup_fast()",
    "F: folio_start_writeback(0)",
    "G: the device writes to the page",
    "F: the device reads folio 0",
  ];
  assert(comeInOrder(race, steps), race.join("\n"));
  assertEquals(race.length, 7);
});

Deno.test("per-VMA tracking loses what the untracked mapping stored, never what the other did", () => {
  const lost = brokenBy(explorationOfId("B2"));
  assert(lost.includes("DUR-3") && !lost.includes("DUR-1"));
});

Deno.test("the same design gives the same counts every time", () => {
  const counts = ({ states, transitions, depth }: Exploration) => [states, transitions, depth];
  for (const id of ["B2", "C1", "E0", "F2"]) {
    const design: Design | undefined = designs.find((each) => each.id === id);
    assert(design !== undefined);
    assertEquals(counts(explore(design)), counts(explorationOfId(id)));
  }
});
