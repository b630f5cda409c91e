/**
 * Checked traces in the JSON of Chrome's trace viewer, which ui.perfetto.dev reads, too: calls and faults
 * as spans of their tasks, the steps of a breach as instants in theirs, breaches as instants over all.
 *
 * @module
 */
import type { Where } from "../../../model/check/observation.ts";
import type { AnyObservation } from "../../../model/check/recording.ts";
import type { BreachFound } from "../../../model/check/verdict.ts";
import { invariants } from "../../../model/invariants/catalogue.ts";
import { watchRecording } from "../../kernel/check_recording.ts";
import { breachPlace, breachSays, stepsThatMatter } from "../report/breach_diagram.ts";
import { type CallEdge, callEdge } from "./call_edges.ts";
import type { CheckedTrace } from "./check_document.ts";

/** One event of the format. Times are microseconds; those of a counting clock are thousands of counts. */
export interface ViewerEvent {
  readonly name: string;
  /** `X` a span, `i` an instant, `M` the name of a process or a thread. */
  readonly ph: "X" | "i" | "M";
  /** The trace, from 1. */
  readonly pid: number;
  /** The task. */
  readonly tid: number;
  readonly ts?: number;
  readonly dur?: number;
  /** Of an instant: whether it stands in its thread, or over all. */
  readonly s?: "t" | "g";
  readonly args: Readonly<Record<string, unknown>>;
}

/** Events of checked traces; of each, the names of its process and its threads come first. */
export interface ViewerTrace {
  readonly traceEvents: readonly ViewerEvent[];
}

/** The document, ready for `JSON.stringify`. Each trace is read once more, and is a process of its own. */
export async function viewerTrace(
  checked: readonly CheckedTrace[],
): Promise<ViewerTrace> {
  const traceEvents: ViewerEvent[] = [];
  for (const [place, each] of checked.entries()) {
    traceEvents.push(...await eventsOf(each, place + 1));
  }
  return { traceEvents };
}

async function eventsOf(
  { result, source, options }: CheckedTrace,
  pid: number,
): Promise<readonly ViewerEvent[]> {
  const spans: Span[] = [];
  const trace = await source.open();
  if (trace.kind !== "unreadable") {
    const find = spanFinder((span) => spans.push(span));
    await watchRecording(trace, options, {
      record: () => {},
      observed: (_, seen) => find(seen),
      end: () => {},
    });
  }
  const breaches = result.invariants.flatMap((each) => each.breaches);
  const steps = new Map(
    breaches.flatMap(stepsThatMatter).map((step) => [`${step.line} ${step.text}`, step]),
  );
  const tasks = new Map<number, string>();
  for (const { begin } of spans) tasks.set(begin.pid, begin.task);
  for (const { pid, task } of steps.values()) tasks.set(pid, task);
  return [
    { name: "process_name", ph: "M", pid, tid: 0, args: { name: result.path } },
    ...[...tasks].map(([tid, name]): ViewerEvent => ({
      name: "thread_name",
      ph: "M",
      pid,
      tid,
      args: { name: `${name}-${tid}` },
    })),
    ...spans.map((span) => spanEvent(span, pid)),
    ...[...steps.values()].map((step) => stepEvent(step, pid)),
    ...breaches.map((breach) => breachEvent(breach, pid)),
  ];
}

/** A call or a fault. */
interface Span {
  readonly begin: Where;
  readonly end: Where;
}

/** Finds spans; one that has no end is none. A call that both checks tell of is one. */
function spanFinder(found: (span: Span) => void): (seen: AnyObservation) => void {
  const open = new Map<string, Where>();
  const met = new Set<string>();
  const end = (key: string, where: Where): void => {
    const begin = open.get(key);
    open.delete(key);
    if (begin === undefined) return;
    const span = `${begin.line} ${begin.pid}`;
    if (!met.has(span)) found({ begin, end: where });
    met.add(span);
  };
  const take = ({ edge, key, where }: CallEdge): void => {
    if (edge === "begin") open.set(key, where);
    else end(key, where);
  };
  return (seen) => {
    const edge = callEdge(seen);
    if (edge !== undefined) return take(edge);
    switch (seen.kind) {
      case "fault_begin":
        return void open.set(`fault ${seen.where.pid}`, seen.where);
      case "fault":
      case "fault_left":
        return end(`fault ${seen.where.pid}`, seen.where);
      case "gap":
        return open.clear();
    }
  };
}

function spanEvent({ begin, end }: Span, pid: number): ViewerEvent {
  return {
    name: begin.text,
    ph: "X",
    pid,
    tid: begin.pid,
    ts: begin.time / 1000,
    dur: Math.max(0, end.time - begin.time) / 1000,
    args: { line: begin.line, ends: end.line, with: end.text },
  };
}

function stepEvent({ text, pid: tid, time, line }: Where, pid: number): ViewerEvent {
  return { name: text, ph: "i", s: "t", pid, tid, ts: time / 1000, args: { line } };
}

function breachEvent(breach: BreachFound, pid: number): ViewerEvent {
  const { id, at, proof } = breach.violation;
  const invariant = invariants.find((each) => each.id === id);
  const says = invariant === undefined ? "" : breachSays(invariant);
  const args = { says, place: breachPlace(breach), line: at.line, certain: proof.line };
  return { name: id, ph: "i", s: "g", pid, tid: at.pid, ts: at.time / 1000, args };
}
