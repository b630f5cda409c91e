/**
 * Runs vectors against a driver, one after the other. The driver may do what it wants: whatever it
 * does, every vector gets a result.
 *
 * @module
 */
import type { AnyVector } from "../format/any_vector.ts";
import { schemaVersion } from "../format/vector.ts";
import type { Capability } from "../format/vocabulary.ts";
import { decodeReply, type Unreadable } from "./decode_reply.ts";
import { DriverProcess, type Received } from "./driver_process.ts";
import { judgeObservations } from "./judge.ts";
import { judgeVerdict } from "./judge_verdict.ts";
import type { KnownFailure } from "./known_failures.ts";
import { type Counted, protocolVersion, type Reply, type Request } from "./protocol.ts";
import { questionOf, type Sampling, schedulesOf } from "./question.ts";
import type { Conformance, VectorResult } from "./result.ts";

/** What to run, and how. */
export interface SuiteRun extends Sampling {
  readonly suite: string;
  readonly command: readonly [string, ...string[]];
  readonly vectors: readonly AnyVector[];
  readonly known: readonly KnownFailure[];
  /** Milliseconds that a driver has for a vector. */
  readonly timeout: number;
  /** Checks a message against the schema of the protocol: what is wrong with it, or undefined. */
  readonly validate?: (message: unknown) => string | undefined;
  readonly progress?: (done: number, of: number) => void;
  /** Stops the run; what was not reached is reported as such. */
  readonly stop?: AbortSignal;
}

/** A driver that fails so often in a row is not started again. */
export const patience = 5;

type Hello = Extract<Reply, { kind: "hello" }>;

/** A driver that has introduced itself. */
interface Ready {
  readonly driver: DriverProcess;
  readonly hello: Hello;
}

/** Runs them all. */
export async function runSuite(run: SuiteRun): Promise<Conformance> {
  const results: VectorResult[] = [];
  const complaints: string[] = [];
  let ready: Ready | undefined;
  let hello: Hello | undefined;
  let failures = 0;
  let lastFailure = "";
  for (const vector of run.vectors) {
    if (run.stop?.aborted === true) break;
    const started = performance.now();
    const finish = (result: Partial<VectorResult>): void => {
      const milliseconds = Math.round(performance.now() - started);
      results.push(settle({ ...blank(vector), ...result, milliseconds }, run.known));
      run.progress?.(results.length, run.vectors.length);
    };
    if (failures >= patience) {
      finish({ verdict: "errored", why: `the driver was given up: ${lastFailure}` });
      continue;
    }
    if (ready === undefined) {
      const begun = await begin(run);
      if (begun === "stopped") break;
      if (typeof begun === "string") {
        failures++;
        lastFailure = begun;
        finish({ verdict: "errored", why: begun });
        continue;
      }
      ready = begun;
      hello ??= begun.hello;
    }
    const lacking = vector.capabilities.filter((each) => !ready?.hello.capabilities.includes(each));
    const isEvent = vector.kind === "event" && !ready.hello.capabilities.includes("events");
    if (lacking.length > 0 || isEvent) {
      const lacks: readonly Capability[] = isEvent ? ["events"] : lacking;
      finish({ verdict: "skipped", why: `the driver lacks ${lacks.join(", ")}` });
      continue;
    }
    const asked = await ask(run, ready, vector);
    if (asked === "stopped") break;
    if ("lost" in asked) {
      failures++;
      lastFailure = asked.lost;
      const how = await ready.driver.end(asked.ended === true ? 1000 : 0);
      const why = asked.ended === true ? `${asked.lost} (${how})` : asked.lost;
      ready = undefined;
      finish({ verdict: "errored", why });
      continue;
    }
    failures = 0;
    finish(asked);
  }
  if (ready !== undefined) complaints.push(...await sayGoodbye(run, ready));
  return {
    suite: run.suite,
    command: run.command,
    implementation: hello?.implementation,
    schedules: run.schedules.filter((each) => hello?.schedules.includes(each)),
    trials: run.trials,
    seed: run.seed,
    results,
    notRun: run.vectors.length - results.length,
    complaints,
  };
}

function blank({ id, handle, kind }: AnyVector): VectorResult {
  return {
    id,
    handle,
    kind,
    verdict: "errored",
    invariants: [],
    observed: [],
    unseen: [],
    milliseconds: 0,
  };
}

/** Holds a result against the list of known failures. */
function settle(result: VectorResult, known: readonly KnownFailure[]): VectorResult {
  const listed = known.find(({ handle }) => handle === result.handle);
  if (listed === undefined || result.verdict === "errored") return result;
  if (listed.sometimes && result.verdict === "passed") return result;
  if (result.verdict === "failed" && breaksOnly(result, listed.invariant)) {
    return { ...result, verdict: "known" };
  }
  const did = result.verdict === "failed"
    ? `breaks ${result.invariants.join(" or ")}`
    : `was ${result.verdict}`;
  const why = `known to break ${listed.invariant} (line ${listed.line} of the list), but ${did}`;
  return { ...result, verdict: "unexpected", why };
}

/** True if everything wrong that was observed may come of one invariant. */
function breaksOnly({ invariants, observed }: VectorResult, invariant: string): boolean {
  const wrong = observed.flatMap((each) => each.kind === "forbidden" ? [each.invariants] : []);
  return (wrong.length === 0 ? [invariants] : wrong).every((each) => each.includes(invariant));
}

/** Starts a driver and lets it introduce itself; a sentence if it cannot. */
async function begin(run: SuiteRun): Promise<Ready | string> {
  let driver: DriverProcess;
  try {
    driver = new DriverProcess(run.command);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return `the driver cannot be started: ${why}`;
  }
  const hello: Request = { kind: "hello", protocol: protocolVersion, schema: schemaVersion };
  driver.send(hello);
  const reply = readReply(run, await driver.receive(run.timeout, run.stop));
  if (reply.kind === "hello" && reply.protocol === protocolVersion) return { driver, hello: reply };
  const how = await driver.end(reply.kind === "ended" ? 1000 : 0);
  if (reply.kind === "stopped") return "stopped";
  if (reply.kind === "hello") {
    return `the driver speaks protocol ${reply.protocol}, not ${protocolVersion}`;
  }
  if (reply.kind === "ended") return `the driver ended before its hello (${how})`;
  if (reply.kind === "unreadable") return `instead of a hello: expected ${reply.expected}`;
  return `expected a hello, not ${reply.kind}`;
}

/** Nothing useful can be expected of this driver any more. */
interface Lost {
  readonly lost: string;
  readonly ended?: boolean;
}

/** Asks about a vector in all its schedules. */
async function ask(
  run: SuiteRun,
  { driver, hello }: Ready,
  vector: AnyVector,
): Promise<Partial<VectorResult> | Lost | "stopped"> {
  const observations: Counted[] = [];
  const deadline = performance.now() + run.timeout;
  const schedules = run.schedules.filter((each) => hello.schedules.includes(each));
  for (const schedule of schedulesOf(vector, { ...run, schedules })) {
    const seq = crypto.randomUUID();
    const request: Request = {
      kind: "run",
      seq,
      vector: questionOf(vector),
      ...(schedule === undefined ? {} : { schedule }),
    };
    const wrong = run.validate?.(request);
    if (wrong !== undefined) return { verdict: "errored", why: `our request: ${wrong}` };
    driver.send(request);
    const received = await driver.receive(deadline - performance.now(), run.stop);
    const reply = readReply(run, received);
    if (reply.kind === "hello") {
      return { lost: "expected a reply to the request, not another hello" };
    }
    if ("seq" in reply && reply.seq !== seq) {
      return { lost: "the reply has the seq of another request" };
    }
    switch (reply.kind) {
      case "outcome":
        if (vector.kind !== "operation") return { lost: "an outcome for a vector of events" };
        observations.push(...reply.observations);
        continue;
      case "verdict": {
        if (vector.kind !== "event") return { lost: "a verdict for a vector of operations" };
        const wrong = judgeVerdict(vector, reply.verdict);
        return wrong === undefined ? { verdict: "passed" } : { verdict: "failed", ...wrong };
      }
      case "skipped":
        return { verdict: "skipped", why: reply.why };
      case "errored":
        return { verdict: "errored", why: reply.why };
      case "unreadable":
        return { lost: `expected ${reply.expected}` };
      case "silence":
        return { lost: `no reply in ${run.timeout / 1000} s` };
      case "endless":
        return { lost: "a line that is longer than the protocol allows" };
      case "ended":
        return { lost: "the driver ended", ended: true };
      case "stopped":
        return "stopped";
      default:
        return reply satisfies never;
    }
  }
  if (vector.kind !== "operation" || observations.length === 0) {
    return {
      verdict: "skipped",
      why: "the driver offers none of the schedules that were asked for",
    };
  }
  const { observed, unseen } = judgeObservations(vector, observations);
  const broken = observed.flatMap((each) => each.kind === "forbidden" ? [each] : []);
  if (broken.length === 0) return { verdict: "passed", observed, unseen };
  const invariants = [...new Set(broken.flatMap((each) => each.invariants))];
  const why = `observed ${broken.map(({ text }) => text).join(" | ")}`;
  return { verdict: "failed", why, invariants, observed, unseen };
}

function readReply(
  run: SuiteRun,
  received: Received,
): Reply | Unreadable | Exclude<Received, { kind: "line" }> {
  if (received.kind !== "line") return received;
  const reply = decodeReply(received.line);
  if (reply.kind === "unreadable" || run.validate === undefined) return reply;
  const wrong = run.validate(JSON.parse(received.line));
  return wrong === undefined ? reply : { kind: "unreadable", expected: `a valid reply: ${wrong}` };
}

/**
 * Ends the driver in good order; returns what it did wrong. One that is stopped in the middle of a
 * vector still has to answer, and may be too busy to hear the bye.
 */
async function sayGoodbye(run: SuiteRun, { driver }: Ready): Promise<readonly string[]> {
  const complaints: string[] = [];
  const early = driver.extraLines().length;
  driver.send({ kind: "bye" });
  const how = await driver.end(Math.min(run.timeout, 5000));
  if (run.stop?.aborted === true) return [];
  const extra = Math.max(early, driver.extraLines().length);
  if (extra > 0) complaints.push(`the driver wrote ${extra} lines that nobody asked for`);
  if (how !== "status 0") complaints.push(`the driver ended with ${how} after bye`);
  return complaints;
}
