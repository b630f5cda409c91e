import { assert, assertEquals, assertThrows } from "@std/assert";
import type { Exploration } from "../model/explore.ts";
import { explorationOfId } from "./every_design/explored.ts";
import { judgedBy, missingTool, read, type Verification, verify } from "./promela/spin.ts";

/** A design, and what makes it of the Promela model. */
interface Twin {
  readonly id: string;
  readonly defines: readonly string[];
  /** What must be equal besides the verdicts. Where steps differ, the model's head says how. */
  readonly equal: readonly ("states" | "transitions")[];
}

interface Model {
  readonly name: string;
  readonly about: string;
  readonly twins: readonly Twin[];
  /** Under these, whatever the twins leave whole breaks; none if they leave nothing. */
  readonly wrong?: readonly string[];
}

/** Steps are the same, and no assertion of a state takes steps of its own where it fails. */
const sameSteps = ["states", "transitions"] as const;
const sameStates = ["states"] as const;
const sameVerdicts = [] as const;

const models: readonly Model[] = [
  {
    name: "page_lock",
    about: "faults under the page lock",
    twins: [{ id: "A0", defines: [], equal: sameStates }],
    wrong: ["WRONG"],
  },
  {
    name: "entry_lock",
    about: "faults under the entry lock",
    twins: [
      { id: "A6", defines: ["STORE"], equal: sameSteps },
      { id: "A7", defines: ["LOOK_UP_FIRST", "WRITE_CALL", "MAPPINGS=1"], equal: sameStates },
      { id: "A7-fault", defines: ["LOOK_UP_FIRST", "STORE"], equal: sameStates },
      { id: "A8", defines: ["STORE", "WRITE_CALL"], equal: sameSteps },
      { id: "A8-no-unmap", defines: ["STORE", "WRITE_CALL", "NO_UNMAP"], equal: sameStates },
      { id: "A8-unmap-first", defines: ["STORE", "WRITE_CALL", "UNMAP_FIRST"], equal: sameStates },
      { id: "A9", defines: ["STORE", "WRITE_CALL", "PUNCH", "CURRENT"], equal: sameSteps },
    ],
    wrong: ["STORE", "WRITE_CALL", "PUNCH", "CURRENT", "WRONG"],
  },
  {
    name: "writeback_pass",
    about: "fsync of a PMD entry, one caller and two",
    twins: [
      { id: "D1", defines: ["SYNCERS=1", "PTE_OF_FIRST_PAGE"], equal: sameSteps },
      { id: "D2", defines: ["SYNCERS=1", "VMAS_OF_FIRST_PAGE"], equal: sameSteps },
      { id: "D3", defines: ["SYNCERS=1"], equal: sameSteps },
      { id: "D3-flush-first", defines: ["SYNCERS=1", "FLUSH_FIRST"], equal: sameSteps },
      { id: "D3-pmd", defines: [], equal: sameSteps },
      { id: "D8-pmd", defines: ["CLEAR_WITH_DIRTY"], equal: sameSteps },
      { id: "D9-pmd", defines: ["WAIT_FOR_LOCKED"], equal: sameSteps },
      { id: "D10-pmd", defines: ["WRITEBACK_MARK"], equal: sameSteps },
      { id: "D21-pmd", defines: ["PASS_OVER"], equal: sameSteps },
      { id: "D21-D8-pmd", defines: ["PASS_OVER", "CLEAR_WITH_DIRTY"], equal: sameSteps },
      { id: "D21-D10-pmd", defines: ["PASS_OVER", "WRITEBACK_MARK"], equal: sameSteps },
    ],
    wrong: ["SYNCERS=1", "WRONG"],
  },
  {
    name: "sync_mapping",
    about: "MAP_SYNC and power failures",
    twins: [
      { id: "B1", defines: [], equal: sameVerdicts },
      { id: "B1-maps-first", defines: ["MAPS_FIRST"], equal: sameVerdicts },
      { id: "B2", defines: ["UNTRACKED"], equal: sameVerdicts },
      { id: "B2-inode", defines: ["UNTRACKED", "INODE"], equal: sameVerdicts },
    ],
    wrong: ["WRONG"],
  },
  {
    name: "two_entries",
    about: "two callers of fsync, a punch and a truncation",
    twins: [
      { id: "D3-removal", defines: [], equal: sameSteps },
      { id: "D8-removal", defines: ["CLEAR_WITH_DIRTY"], equal: sameSteps },
      { id: "D9-removal", defines: ["WAIT_FOR_LOCKED"], equal: sameSteps },
      { id: "D10-removal", defines: ["WRITEBACK_MARK"], equal: sameSteps },
    ],
  },
  {
    name: "partial_removal",
    about: "punching a part of a PMD entry",
    twins: [
      { id: "D11", defines: [], equal: sameSteps },
      { id: "D12", defines: ["WRITE_BACK_LOCKED"], equal: sameSteps },
      { id: "D13", defines: ["WRITE_BACK_UNLOCKED"], equal: sameSteps },
      { id: "D15", defines: ["KEEP"], equal: sameStates },
      { id: "D11-two", defines: ["SHARED"], equal: sameStates },
      { id: "D12-two", defines: ["SHARED", "WRITE_BACK_LOCKED"], equal: sameStates },
      { id: "D12-unmap", defines: ["SHARED", "WRITE_BACK_LOCKED", "UNMAP_ALL"], equal: sameSteps },
      {
        id: "D12-D8",
        defines: ["SHARED", "WRITE_BACK_LOCKED", "UNMAP_ALL", "CLEAR_WITH_DIRTY"],
        equal: sameSteps,
      },
      { id: "D14", defines: ["SHARED", "SPLIT"], equal: sameSteps },
    ],
  },
  {
    name: "shared_extent",
    about: "a store to a shared page below a PMD entry",
    twins: [
      { id: "D22", defines: [], equal: sameVerdicts },
      { id: "D22-removed", defines: ["REMOVE"], equal: sameVerdicts },
      { id: "D22-two", defines: ["TWO"], equal: sameVerdicts },
      { id: "D22-removed-two", defines: ["TWO", "REMOVE"], equal: sameVerdicts },
      { id: "D22-split", defines: ["TWO", "SPLIT"], equal: sameVerdicts },
    ],
  },
  {
    name: "crossed_writes",
    about: "direct writes from mappings of each other's file",
    twins: [
      { id: "C3-naive", defines: [], equal: sameSteps },
      { id: "C3-order-only", defines: ["ORDERED", "DROP"], equal: sameStates },
      { id: "C3-cross", defines: ["ORDERED"], equal: sameSteps },
    ],
    wrong: ["ORDERED", "WRONG"],
  },
  {
    name: "direct_write",
    about: "a direct write against the page cache",
    twins: [
      { id: "C0", defines: [], equal: sameStates },
      { id: "C1", defines: ["AGAIN"], equal: sameSteps },
      { id: "C3", defines: ["TWO_STATES"], equal: sameSteps },
      { id: "C3-no-read", defines: ["TWO_STATES", "READ_UNLOCKED"], equal: sameStates },
    ],
  },
  {
    name: "punch",
    about: "a punch against those who cache the page",
    twins: [
      { id: "F0", defines: ["STORE", "TAKE"], equal: sameStates },
      { id: "F1", defines: ["READ", "FAULT_LOCK"], equal: sameSteps },
      {
        id: "F2",
        defines: ["STORE", "READ", "TAKE", "FAULT_LOCK", "READ_LOCK"],
        equal: sameSteps,
      },
    ],
  },
  {
    name: "pinned_folio",
    about: "writeback against a pin of the folio",
    twins: [
      { id: "E0", defines: [], equal: sameVerdicts },
      { id: "E0-no-dirty", defines: ["NO_DIRTY"], equal: sameVerdicts },
      { id: "E2", defines: ["COPY"], equal: sameVerdicts },
      { id: "E2-stays-dirty", defines: ["COPY", "REDIRTY"], equal: sameVerdicts },
      { id: "E3", defines: ["SHY"], equal: sameVerdicts },
    ],
    wrong: ["WRONG"],
  },
  {
    name: "pinned_block",
    about: "a removal against a pin of the block that it frees",
    twins: [
      { id: "E5", defines: [], equal: sameStates },
      { id: "E5-holding", defines: ["SLEEP_LOCKED", "NO_MUNMAP"], equal: sameStates },
      { id: "E5-ignored", defines: ["LOOK_AT_NO_PIN"], equal: sameStates },
      { id: "E5-unmapped", defines: ["SKIP_UNMAPPED"], equal: sameStates },
    ],
  },
];

const missing = await missingTool();
const because = missing === undefined ? "" : ` (${missing})`;

function pathOf(name: string): string {
  return new URL(`promela/${name}.pml`, import.meta.url).pathname;
}

/** What the explorer says of an invariant; it must have come to a verdict. */
function verdictOf({ findings }: Exploration, id: string): "broken" | "kept" | "exempt" {
  const verdict = findings.find((each) => each.id === id)?.verdict;
  if (verdict === "exempt") return "exempt";
  assert(verdict === "violated" || verdict === "holds" || verdict === "unexercised", id);
  return verdict === "violated" ? "broken" : "kept";
}

function assertAgreed(found: Verification, { id, equal }: Twin, judged: readonly string[]): void {
  const ours = explorationOfId(id);
  const { states, transitions, broken } = found;
  for (const each of judged) {
    const expected = verdictOf(ours, each);
    if (expected === "exempt") continue;
    assertEquals(broken.has(each) ? "broken" : "kept", expected, `${each} under ${id}`);
  }
  if (equal.includes("states")) assertEquals(states, ours.states, `states of ${id}`);
  if (equal.includes("transitions")) {
    assertEquals(transitions - 1, ours.transitions, `transitions of ${id}`);
  }
}

/** Does each task, two at a time. */
async function inPairs<T, R>(items: readonly T[], task: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const left = items.entries();
  const worker = async () => {
    for (const [index, item] of left) results[index] = await task(item);
  };
  await Promise.all([worker(), worker()]);
  return results;
}

for (const { name, about, twins, wrong } of models) {
  const ids = twins.map(({ id }) => id).join(", ");
  Deno.test({
    name: `SPIN says of ${about} what the explorer says: ${ids}${because}`,
    ignore: missing !== undefined,
    async fn(): Promise<void> {
      const judged = judgedBy(await Deno.readTextFile(pathOf(name)));
      const runs = twins.map(({ defines }) => defines);
      if (wrong !== undefined) runs.push(wrong);
      const found = await inPairs(runs, (defines) => verify(pathOf(name), defines));
      twins.forEach((twin, index) => {
        const each = found[index];
        assert(each !== undefined);
        assertAgreed(each, twin, judged);
      });
      const broken = new Set(found.flatMap((each) => [...each.broken]));
      const idle = judged.filter((id) => id !== "LOCK-1" && !broken.has(id));
      assertEquals(idle, [], `no run of ${name} breaks these`);
    },
  });
}

Deno.test("a search that SPIN did not finish is no verdict", () => {
  assertThrows(() => read("pan: out of memory\n"), Error, "complete search");
  const cut = "error: max search depth too small\n  7 states, stored\n  9 transitions (= 7+2)\n";
  assertThrows(() => read(cut), Error, "complete search");
});

Deno.test("an assertion that fails and names no invariant is no verdict", () => {
  const counts = "  7 states, stored\n  9 transitions (= stored+matched)\n";
  const failed = (what: string) => read(`pan:1: ${what} (at depth 4)\n${counts}`);
  assertThrows(() => failed("assertion violated (said&1)"), Error, "expected an invariant");
  assertEquals(
    [
      ...failed("assertion violated (DAX_HOLE_2||(said==5))").broken,
      ...failed(
        "invalid end state",
      ).broken,
    ],
    ["DAX-HOLE-2", "LOCK-1"],
  );
});
