/**
 * Why a step cannot be taken: which lock is held and by whom, or what else is missing.
 *
 * @module
 */
import type { Actor, Branch, Design, Step } from "../design.ts";
import type { Event } from "../event.ts";
import { folioInHand, folioLockedBy } from "../folio.ts";
import { heldMode, holdersOfLock, lockModes } from "../mode_lock.ts";
import { copyState, type State } from "../state.ts";
import { enabled, step as apply } from "../step.ts";
import { holderOf, pmdStart } from "../xarray.ts";
import type { NameTask } from "./byte_text.ts";
import { whatCloses } from "./condition.ts";
import { movesOf, type Strand } from "./replay.ts";

/**
 * One clause that says what keeps an actor from going on with a step, by the first of the given
 * branches that it would take if it could; undefined if nothing does.
 */
export function obstacleOf(
  strand: Strand,
  branches: readonly Branch[],
  nameTask: NameTask,
): string | undefined {
  let closed: string | undefined;
  for (const branch of branches) {
    if (!branch.when(strand.state)) {
      closed ??= sayClosed(strand.state, branch, nameTask);
      continue;
    }
    const blocked = blockedEvent(strand.state, branch.events);
    if (blocked === undefined) return undefined;
    return say(strand, blocked.state, blocked.event, nameTask);
  }
  return closed;
}

function sayClosed(state: State, { result, when }: Branch, nameTask: NameTask): string {
  const closed = result === "" ? "its condition does not hold" : `"${result}" is not so`;
  const why = whatCloses(state, when, nameTask);
  return why === undefined ? closed : `${closed}: ${why}`;
}

function lockedBy(state: State, folio: number): number {
  return (state.locked[folio] ?? 0) - 1;
}

function modeOf(state: State, lock: number, task: number): string | undefined {
  const held = heldMode(state, lock, task);
  return Object.entries(lockModes).find(([, mode]) => mode === held)?.[0];
}

function blockedEvent(
  start: State,
  events: readonly Event[],
): { readonly state: State; readonly event: Event } | undefined {
  const state = copyState(start);
  for (const event of events) {
    if (!enabled(state, event)) return { state, event };
    apply(state, event);
  }
  return undefined;
}

function say(strand: Strand, state: State, event: Event, nameTask: NameTask): string {
  if (state.crashed[0] === 1) return "power has failed";
  const held = (lock: string, tasks: readonly number[], mode = ""): string =>
    `${tasks.map(nameTask).join(" and ") || "nobody"} holds ${lock}${mode}`;
  switch (event.kind) {
    case "lock_entry": {
      const start = event.order === "pmd" ? pmdStart(state, event.page) : event.page;
      const end = event.order === "pmd" ? start + state.bounds.pmdPages : start + 1;
      for (let page = start; page < end; page++) {
        const holder = holderOf(state, page);
        if (holder !== 0) return held(`the entry lock of page ${page}`, [holder - 1]);
      }
      return "the entry is locked";
    }
    case "acquire":
      return held(event.lock, holdersOf(strand, event.lock));
    case "lock": {
      const holders = holdersOfLock(state, event.lock);
      const [mode] = new Set(holders.map((task) => modeOf(state, event.lock, task)));
      return held("it", holders, mode === undefined ? "" : ` in mode ${mode}`);
    }
    case "lock_folio":
      return held("the folio lock", [lockedBy(state, folioInHand(state, event.task))]);
    case "remove_folio":
      return folioLockedBy(state, event.page) < 0
        ? `folio ${event.page} is under writeback`
        : held(`the lock of folio ${event.page}`, [folioLockedBy(state, event.page)]);
    case "add_folio":
      return `page ${event.page} has a folio`;
    case "allocate":
      return "there is no free block";
    case "store_folio":
    case "store_line":
      return `mapping ${event.mapping} has no writable PTE of page ${event.page}`;
    case "unlock_entry":
      return `it does not hold the entry lock of page ${event.page}`;
    case "store":
      return `mapping ${event.mapping} has no writable PTE of page ${event.page}`;
    case "load":
      return `mapping ${event.mapping} does not show ${event.sees} at page ${event.page}`;
    case "remove_entry":
    case "insert_entry":
    case "clear_dirty":
    case "flush":
      return `page ${event.page} has no entry`;
    default:
      return `${event.kind} cannot happen`;
  }
}

/** Tasks that have taken a semaphore in this run and not given it back. */
function holdersOf(strand: Strand, lock: string): readonly number[] {
  const held: number[] = [];
  for (const { move } of movesOf(strand)) {
    for (const event of move.branch.events) {
      if (event.kind === "acquire" && event.lock === lock) held.push(event.task);
      if (event.kind !== "release" || event.lock !== lock) continue;
      const index = held.indexOf(event.task);
      if (index >= 0) held.splice(index, 1);
    }
  }
  return held;
}

/** The actors' names by their tasks. */
export function taskNames(
  design: Design,
  describe: (actor: Actor) => string,
): NameTask {
  return (task) => {
    const actor = design.actors.find((each) => each.task === task);
    return actor === undefined ? `task ${task}` : describe(actor);
  };
}

/** Branches of a step that could lead on, or all. */
export function branchesOf(step: Step, wanted: (branch: Branch) => boolean): readonly Branch[] {
  const fitting = step.branches.filter(wanted);
  return fitting.length > 0 ? fitting : step.branches;
}
