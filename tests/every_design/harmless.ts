/**
 * What becomes of sound designs when one guard, lock or step of them is disabled.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import type { Design } from "../../model/design.ts";
import { designs } from "../../model/designs/catalogue.ts";
import { findRound } from "../../model/explore/cycle.ts";
import { search } from "../../model/explore/search.ts";
import { type Disabled, disabledOf } from "../mutation/disable.ts";
import { type Fate, fateOf, type Whole } from "../mutation/fate.ts";
import { wholes } from "./explorations.ts";
import { harmless } from "../mutation/harmless.ts";
import type { HarmlessLoss } from "../mutation/harmless_loss.ts";
import { lossText } from "../mutation/loss_text.ts";

const sound = designs.filter(({ breaks }) => breaks.length === 0);

const everyDisabled = new Map(designs.map((design) => [design, disabledOf(design)]));

function disabledIn(design: Design): readonly Disabled[] {
  return everyDisabled.get(design) ?? [];
}

/** One loss in one design. */
interface Row {
  readonly design: Design;
  readonly whole: Whole;
  readonly disabled: Disabled;
  readonly text: string;
  /** Found out when it is asked for: most losses are missed in a small world, and need no large one. */
  readonly fate: () => Fate;
  /** False if no run of the whole design takes the way that lacks something. */
  readonly isTaken: boolean;
}

const bySize = sound.map((design) => ({ design, whole: wholes.get(design) }))
  .toSorted((one, other) => sizeOf(one.whole) - sizeOf(other.whole));
const tooLarge = bySize.flatMap(({ design, whole }) => whole === undefined ? [design] : []);
const rows: readonly Row[] = bySize.flatMap(({ design, whole }) =>
  whole === undefined ? [] : disabledIn(design).map((disabled): Row => {
    const { seen, moves } = whole.found.automaton;
    const { branch } = disabled;
    const isTaken = branch === undefined ||
      moves.some((move, number) => move.branch === branch && seen.taken[number] === 1);
    let known: Fate | undefined;
    const fate = (): Fate => known ??= fateOf(whole, disabled.design);
    return { design, whole, disabled, text: lossText(disabled), fate, isTaken };
  })
);

function sizeOf(whole: Whole | undefined): number {
  return whole?.found.states.count ?? Infinity;
}

/** Systems A and D have their programs in common. */
function programsOf({ system }: Design): string {
  return system === "A" || system === "D" ? "AD" : system;
}

const byText = Map.groupBy(rows, ({ text }) => text);

/** Something breaks, somebody hangs, or keeps what must be given back. */
function isMissed({ fate }: Row): boolean {
  const { kind } = fate();
  return kind !== "same" && kind !== "sound";
}

/** A loss that is missed, or that the world shows when all is over. */
function isSeen(row: Row): boolean {
  const fate = row.fate();
  return isMissed(row) || (fate.kind === "sound" && fate.endsElsewhere());
}

function isSound({ fate }: Row): boolean {
  return fate().kind === "sound";
}

/** True if nothing at all depends on it, in worlds some of which come by. */
function changesNothing(each: readonly Row[]): boolean {
  return each.every(({ fate }) => fate().kind === "same") && each.some(({ isTaken }) => isTaken);
}

function rowsOf(text: string): readonly Row[] {
  return byText.get(text) ?? [];
}

/** `D8`, of `D8-removal`. */
function proposalOf({ id }: Design): string {
  return id.split("-")[0] ?? id;
}

/** True if the entry of the list speaks of this loss in this design's system. */
function speaksOf({ systems, losses }: HarmlessLoss, { text, design }: Row): boolean {
  return losses.includes(text) && [...programsOf(design)].some((each) => systems.includes(each));
}

function idsOf(rows: readonly Row[]): string {
  return [...new Set(rows.map(({ design }) => design.id))].join(", ");
}

Deno.test("a sound design misses every guard, lock and step, or the loss is listed with its reason", () => {
  const unlisted = [...byText].flatMap(([text, everywhere]) =>
    [...Map.groupBy(everywhere, (row) => programsOf(row.design)).values()]
      .filter((each) => !each.some(isSeen) && !changesNothing(each))
      .filter((each) => !each.some((row) => harmless.some((entry) => speaksOf(entry, row))))
      .map((each) => `${text} (${idsOf(each)})`)
  );
  assertEquals(unlisted, []);
});

Deno.test("what is listed as harmless breaks nothing anywhere, and changes what happens somewhere", () => {
  const wrong = harmless.flatMap((entry) =>
    entry.losses.flatMap((text) => {
      const each = rowsOf(text).filter((row) => speaksOf(entry, row));
      if (each.length === 0) return [`no design of ${entry.systems} has ${text}`];
      if (changesNothing(each)) return [`${text} changes nothing`];
      const missed = each.filter(entry.harm === "none" ? isMissed : isSeen);
      return missed.length === 0 ? [] : [`${text} is missed in ${idsOf(missed)}`];
    })
  );
  assertEquals(wrong, []);
});

Deno.test("a loss is listed once, with the systems in whose worlds it changes what happens", () => {
  for (const row of rows) {
    assert(harmless.filter((entry) => speaksOf(entry, row)).length < 2, row.text);
  }
  for (const entry of harmless) {
    const { losses, systems, why } = entry;
    const shown = losses.flatMap(rowsOf).filter((row) => speaksOf(entry, row) && isSound(row));
    const found = [...new Set(shown.map(({ design }) => design.system))].sort().join("");
    assertEquals(found, systems, why);
    assertEquals(losses.length, new Set(losses).size, why);
  }
});

Deno.test("fewer than twenty losses would do harm that no world here looks at", () => {
  const unseen = harmless.filter(({ harm }) => harm === "unseen").flatMap(({ losses }) => losses);
  assert(unseen.length < 20, unseen.join("\n"));
});

Deno.test("each guard of a design is disabled once, and each of its deeds alone", () => {
  for (const design of designs) {
    const all = disabledIn(design);
    const branches = design.actors.flatMap(({ program }) =>
      program.flatMap((step) => step.branches)
    );
    const guards = branches.filter(({ when }) => when.length > 0);
    const disabled = all.filter(({ loss }) => loss.kind === "guard").map(({ branch }) => branch);
    assertEquals(disabled.length, guards.length, design.id);
    assertEquals(new Set(disabled), new Set(guards), design.id);
    const lost = all.flatMap(({ loss }) => loss.kind === "event" ? [loss.event] : []);
    const deeds = branches.flatMap(({ events }) => events).filter(({ kind }) =>
      ["insert_entry", "remove_entry", "mkclean", "flush", "mark_dirty", "commit"].includes(kind)
    );
    for (const deed of deeds) {
      const times = deeds.filter((each) => each === deed).length;
      assertEquals(
        lost.filter((each) => each === deed).length,
        times,
        `${design.id}: ${deed.kind}`,
      );
    }
  }
});

Deno.test("a design that is said to have the same runs without something has the same states", () => {
  const small = rows.filter(({ whole }) => whole.found.states.count < 500);
  const same = small.filter(({ fate }) => fate().kind === "same");
  assert(same.length > 500);
  for (const { design, whole, disabled, text } of same) {
    const { states, depth, stuck, breaches } = search(disabled.design, whole.judged, {
      limit: whole.found.states.count + 1,
    });
    assertEquals(
      [states.count, depth, stuck, breaches.size],
      [whole.found.states.count, whole.found.depth, whole.found.stuck, 0],
      `${design.id}: ${text}`,
    );
  }
});

Deno.test("a design that is said to be sound without something is so when it is explored by itself", () => {
  const small = rows.filter(({ whole }) => whole.found.states.count < 500);
  const other = small.filter((row) => isSound(row));
  assert(other.length > 200);
  for (const { design, whole, disabled, text } of other) {
    const all = search(disabled.design, whole.judged, { limit: 10_000 });
    const { breaches, stuck, complete } = all;
    const isEndless = !whole.endless && findRound(all) !== undefined;
    assertEquals([...breaches.keys()], [], `${design.id}: ${text}`);
    assertEquals([stuck, complete, isEndless], [undefined, true, false], `${design.id}: ${text}`);
  }
});

Deno.test("who waits for ever is seen even where power can still fail", () => {
  const text = "folio_end_writeback(N): end_writeback";
  const waiting = rowsOf(text).filter(({ design }) => design.id === "WB");
  assert(waiting.length > 0);
  assertEquals(waiting.filter(({ fate }) => fate().kind !== "stuck"), []);
});

Deno.test("what is too large to be searched once a loss has the programs of a smaller world", () => {
  assertEquals(tooLarge.map(({ id }) => id), ["D9-three", "D10-two", "D10-three"]);
  for (const design of tooLarge) {
    for (const text of disabledIn(design).map(lossText)) {
      const proposals = rowsOf(text).map((row) => proposalOf(row.design));
      assert(proposals.includes(proposalOf(design)), `${design.id}: ${text}`);
    }
  }
});
