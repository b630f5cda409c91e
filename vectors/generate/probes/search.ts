/**
 * Looks for probes: `deno run --allow-read --allow-write=vectors/generate/probes vectors/generate/probes/search.ts`,
 * with the number of walks to try behind it.
 *
 * Takes prefixes of the suite's sequences, leads them on by events that are said anywhere in such a
 * world, changed in a field now and then, and keeps what gives a surviving mutant away, made as short
 * as it goes. The same suite gives the same probes on every machine. `deno fmt vectors/generate/probes` ends a
 * search: what it writes has the layout of the suite, not of the sources.
 *
 * @module
 */
import { designs } from "../../../model/designs/catalogue.ts";
import type { Event } from "../../../model/event.ts";
import { Judgement } from "../../../model/invariant.ts";
import { copyState, type State } from "../../../model/state.ts";
import type { EventDraft } from "../derive/event_draft.ts";
import { eventDrafts } from "../derive/event_drafts.ts";
import { randomFrom } from "../derive/random.ts";
import {
  type EventBody,
  type Sequence,
  startState,
  type WorldBounds,
} from "../../format/event_vector.ts";
import {
  type EventJudge,
  judgeEvents,
  judgesByKind,
  model,
  ruling,
  type SequenceOutcome,
} from "../../format/judge_events.ts";
import { type Alphabet, alphabetOf, withNext } from "../mutants/alphabet.ts";
import { equivalence } from "../mutants/equivalent.ts";
import { designMutants } from "../mutants/design_mutants.ts";
import { everyJudgeMutant } from "../mutants/every_judge_mutant.ts";
import type { JudgeMutant } from "../mutants/judge_mutant.ts";
import { kills, record, recordAll } from "../mutants/kills.ts";
import { suiteText } from "../suite_text.ts";
import { existsIn } from "../../../model/events/limits.ts";
import { minimal } from "./minimal.ts";
import { probes, type SequenceProbe } from "./probe.ts";

/** How many walks are tried, by how many stretches one is led on, and how often a field is changed. */
const effort = {
  walks: Number(Deno.args[0] ?? 100_000),
  seed: Number(Deno.args[1] ?? 1),
  stretches: 4,
  longest: 14,
  changeOneIn: 6,
} as const;

type Random = (below: number) => number;

/** Sequences of worlds that have the same views. */
interface World {
  readonly drafts: readonly EventDraft[];
}

/** A mutant that is looked for; the state that it is in where events do something else to it. */
interface Sought {
  readonly mutant: JudgeMutant;
  readonly shadow: State | undefined;
}

function search(): readonly SequenceProbe[] {
  const drafts = eventDrafts(designs, designMutants(designs));
  const recordings = recordAll(drafts.map(({ body }) => body));
  const open = new Set(
    everyJudgeMutant(recordings).filter((mutant) =>
      equivalence(mutant.id) === undefined && !recordings.some((each) => kills(each, mutant))
    ),
  );
  console.error(`${open.size} mutants live`);
  const alphabet = alphabetOf(drafts.map(({ body }) => body));
  const worlds = worldsOf(drafts);
  const found: SequenceProbe[] = [];
  const random = randomFrom(effort.seed);
  for (let count = 0; count < effort.walks && open.size > 0; count++) {
    const draft = drafts[random(drafts.length)];
    const world = draft && worlds.get(shapeOf(draft.body.bounds));
    if (draft === undefined || world === undefined) continue;
    for (const { sequence, mutants } of walk(draft.body, world, alphabet, open, random)) {
      const [mutant] = mutants.filter((each) => open.has(each));
      if (mutant === undefined) continue;
      const short = shortened(sequence, mutant);
      const recording = record(short);
      for (const each of open) if (kills(recording, each)) open.delete(each);
      const { id: tells, changes } = mutant;
      const about = wrongAbout(mutant, short);
      found.push({ system: draft.system, tells, about, changes, sequence: short });
      console.error(`${count}: ${tells} by ${short.events.length} events; ${open.size} live`);
    }
  }
  for (const { id } of open) console.error(`lives: ${id}`);
  return found;
}

function worldsOf(drafts: readonly EventDraft[]): ReadonlyMap<string, World> {
  const groups = Map.groupBy(drafts, ({ body }) => shapeOf(body.bounds));
  return new Map([...groups].map(([shape, drafts]) => [shape, { drafts }] as const));
}

/** Which views a world has, but for how large they are. */
function shapeOf(bounds: WorldBounds): string {
  return Object.entries(bounds).filter(([, value]) => value !== 0).map(([name]) => name).sort()
    .join();
}

/** What a walk tells apart: the sequence so far, and the mutants that judge it otherwise. */
interface Told {
  readonly sequence: Sequence;
  readonly mutants: readonly JudgeMutant[];
}

function* walk(
  body: EventBody,
  world: World,
  alphabet: Alphabet,
  open: ReadonlySet<JudgeMutant>,
  random: Random,
): Generator<Told> {
  const last = body.verdict.kind === "rejected" ? body.verdict.at : body.events.length;
  const { bounds, start, exempt } = body;
  const events = body.events.slice(0, random(last + 1));
  const state = startState(body);
  let sought = [...open].map((mutant) => ({ mutant, shadow: shadowOf(mutant, body) }));
  for (const event of events) {
    sought = sought.map((each) => advanced(each, event));
    model.step(state, event);
  }
  for (const event of stretches(world, state, alphabet, random)) {
    events.push(event);
    const right = brokenBy(model, state, event, exempt);
    const mutants = sought.filter(({ mutant, shadow }) =>
      (shadow !== undefined || mutant.kinds.has(event.kind)) &&
      brokenBy(mutant.judge, shadow ?? state, event, exempt) !== right
    ).map(({ mutant }) => mutant);
    const sequence = { bounds, start, exempt, events: [...events] };
    if (mutants.length > 0 && hasOneFaultAtMost(sequence)) yield { sequence, mutants };
    if (right !== "") return;
    sought = sought.map((each) => advanced(each, event));
    model.step(state, event);
  }
}

/** Mutants of invariants live in the model's own state. */
function shadowOf(mutant: JudgeMutant, body: EventBody): State | undefined {
  return mutant.invariant === undefined ? startState(body) : undefined;
}

function advanced(sought: Sought, event: Event): Sought {
  if (sought.shadow !== undefined) stepWithin(sought.mutant.judge, sought.shadow, event);
  return sought;
}

/**
 * Stretches of what other sequences of such a world say, as far as it can happen here. The state is
 * looked at each time that an event is asked for.
 */
function* stretches(
  { drafts }: World,
  state: State,
  alphabet: Alphabet,
  random: Random,
): Generator<Event> {
  for (let stretch = 0; stretch < effort.stretches; stretch++) {
    const { events = [] } = drafts[random(drafts.length)]?.body ?? {};
    const from = random(events.length);
    for (const said of events.slice(from, from + 1 + random(effort.longest))) {
      const isChanged = random(effort.changeOneIn) === 0;
      const event = isChanged ? changed(said, state.bounds, alphabet, random) : said;
      if (!existsIn(state.bounds, event) || !model.enabled(state, event)) continue;
      if (stepWithin(model, copyState(state), event)) yield event;
    }
  }
}

function changed(
  event: Event,
  bounds: WorldBounds,
  alphabet: Alphabet,
  random: Random,
): Event {
  const fields = [...alphabet.get(event.kind) ?? []];
  const field = fields[random(Math.max(1, fields.length))];
  return field === undefined ? event : withNext(event, ...field, bounds);
}

/** Ids that the judge says are broken by the event, or that it cannot happen. */
function brokenBy(
  judge: EventJudge,
  before: State,
  event: Event,
  exempt: readonly string[],
): string {
  if (!judge.enabled(before, event)) return "impossible";
  const after = copyState(before);
  if (!stepWithin(judge, after, event)) return "no room";
  return (judgesByKind(judge.invariants).get(event.kind) ?? [])
    .filter(({ id, judge }) =>
      !exempt.includes(id) && judge(before, event, after) === Judgement.BROKEN
    )
    .map(({ id }) => id).join();
}

/** Applies the event, or says that the world is too small for it. */
function stepWithin(judge: EventJudge, state: State, event: Event): boolean {
  try {
    judge.step(state, event);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function hasOneFaultAtMost(sequence: Sequence): boolean {
  const outcome = outcomeWithin(model, sequence);
  const kind = outcome && ruling(outcome).kind;
  return kind === "accepted" || kind === "rejected";
}

/** The first invariant of which mutant and model do not say the same, or that is spoken of at all. */
function wrongAbout(mutant: JudgeMutant, sequence: Sequence): string {
  const right = judgeEvents(sequence);
  const wrong = outcomeWithin(mutant.judge, sequence);
  const told = [...brokenIn(right), ...brokenIn(wrong)];
  const odd = told.find((id) => told.indexOf(id) === told.lastIndexOf(id));
  const [kept] = right.kind === "judged" ? right.kept : [];
  return mutant.invariant ?? odd ?? told[0] ?? kept ?? "";
}

function brokenIn(outcome: SequenceOutcome | undefined): readonly string[] {
  return outcome?.kind === "judged" ? outcome.breaches.map(({ invariant }) => invariant) : [];
}

/** Undefined where the world is too small for what the judge makes of it. */
function outcomeWithin(judge: EventJudge, sequence: Sequence): SequenceOutcome | undefined {
  try {
    return judgeEvents(sequence, judge);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function shortened(sequence: Sequence, mutant: JudgeMutant): Sequence {
  const events = minimal(sequence.events, (events) => {
    const shorter = { ...sequence, events };
    return hasOneFaultAtMost(shorter) && kills(record(shorter), mutant);
  });
  return { ...sequence, events };
}

if (import.meta.main) {
  const all = [...probes, ...search()].sort((one, other) => one.tells < other.tells ? -1 : 1);
  const text = suiteText(JSON.parse(JSON.stringify(all)));
  await Deno.writeTextFile(new URL("./probes.json", import.meta.url), text);
}
