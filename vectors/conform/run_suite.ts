/**
 * Runs vectors against a driver, one after the other. The driver may do what it wants: whatever it
 * does, every vector gets a result.
 *
 * @module
 */
import type { AnyVector } from "../format/any_vector.ts";
import { schemaVersion } from "../format/vector.ts";
import { type AskedDriver, type Asking, askVector, type Unanswered } from "./ask.ts";
import { decodeReply, type Unreadable } from "./decode_reply.ts";
import { DriverProcess, type Received } from "./driver_process.ts";
import { type KnownFailure, settle } from "./known_failures.ts";
import {
  type Answer,
  protocolVersion,
  type Question,
  type Reply,
  type Request,
  type Schedule,
} from "./protocol.ts";
import {
  type Conformance,
  patience,
  resultOf,
  type VectorFinding,
  type VectorResult,
} from "./result.ts";

/** What to run, and how. */
export interface SuiteRun extends Asking {
  readonly suite: string;
  readonly command: readonly [string, ...string[]];
  readonly vectors: readonly AnyVector[];
  readonly known: readonly KnownFailure[];
  /** Checks a message against the schema of the protocol: what is wrong with it, or undefined. */
  readonly validate?: (message: unknown) => string | undefined;
  readonly progress?: (done: number, of: number) => void;
  /** Gets each line that a driver writes to standard error. */
  readonly remark?: (line: string) => void;
  /** Stops the run; what was not reached is reported as such. */
  readonly stop?: AbortSignal;
}

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
    const finish = (finding: VectorFinding): void => {
      const milliseconds = Math.round(performance.now() - started);
      results.push(settle(resultOf(vector, { ...finding, milliseconds }), run.known));
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
    const found = await askVector(askedOf(run, ready), vector, run);
    if ("kind" in found) {
      if (found.kind === "stopped") break;
      failures++;
      lastFailure = found.why;
      const how = await ready.driver.end(found.ended === true ? 1000 : 0);
      const why = found.ended === true ? `${found.why} (${how})` : found.why;
      ready = undefined;
      finish({ verdict: "errored", why });
      continue;
    }
    failures = 0;
    finish(found);
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

/** Starts a driver and lets it introduce itself; a sentence if it cannot. */
async function begin(run: SuiteRun): Promise<Ready | string> {
  let driver: DriverProcess;
  try {
    driver = new DriverProcess(run.command, run.remark ?? (() => {}));
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

/** A process that has introduced itself, as it is asked. */
function askedOf(run: SuiteRun, { driver, hello }: Ready): AskedDriver {
  const { capabilities, schedules } = hello;
  return {
    capabilities,
    schedules,
    answer: (vector, schedule, milliseconds) => ask(run, driver, vector, schedule, milliseconds),
  };
}

/** Sends a request, and reads the reply to it. */
async function ask(
  run: SuiteRun,
  driver: DriverProcess,
  vector: Question,
  schedule: Schedule | undefined,
  milliseconds: number,
): Promise<Answer | Unanswered> {
  const seq = crypto.randomUUID();
  const request: Request = {
    kind: "run",
    seq,
    vector,
    ...(schedule === undefined ? {} : { schedule }),
  };
  const wrong = run.validate?.(request);
  if (wrong !== undefined) return { kind: "errored", why: `our request: ${wrong}` };
  driver.send(request);
  const reply = readReply(run, await driver.receive(milliseconds, run.stop));
  if ("seq" in reply) {
    return reply.seq === seq ? reply : lost("the reply has the seq of another request");
  }
  switch (reply.kind) {
    case "hello":
      return lost("expected a reply to the request, not another hello");
    case "unreadable":
      return lost(`expected ${reply.expected}`);
    case "silence":
      return lost(`no reply in ${run.timeout / 1000} s`);
    case "endless":
      return lost("a line that is longer than the protocol allows");
    case "ended":
      return { kind: "lost", why: "the driver ended", ended: true };
    case "stopped":
      return reply;
    default:
      return reply satisfies never;
  }
}

function lost(why: string): Unanswered {
  return { kind: "lost", why };
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
