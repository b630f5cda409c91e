/**
 * Registers the suite with a test runner: one test a vector.
 *
 * @module
 */
import type { AnyVector } from "../../format/any_vector.ts";
import { counted } from "../../format/counted.ts";
import { bundledSuite } from "../bundled_suite.ts";
import type { Driver } from "../driver.ts";
import { failureText } from "../failure_text.ts";
import { type KnownFailure, readKnownFailures } from "../known_failures.ts";
import type { Schedule } from "../protocol.ts";
import type { VectorResult } from "../result.ts";
import { select } from "../select.ts";
import { mistakeIn } from "./in_process.ts";
import { againBy, callingFile } from "./again.ts";
import type { Register, TestContext } from "./register.ts";
import { Session } from "./session.ts";

/** How the suite is run. */
export interface ConformanceOptions {
  /** Runs the vectors alone that have one of these texts in their handle. */
  readonly only?: string | readonly string[];
  /** Kinds of schedule; both, where the driver can. */
  readonly schedules?: readonly Schedule["kind"][];
  /** Runs of a sampled schedule; 200. */
  readonly trials?: number;
  /** Where chance begins; 1. */
  readonly seed?: number;
  /** Seconds that a driver has for a vector; 60. */
  readonly seconds?: number;
  /**
   * Failures that are known, a line each: a handle, an invariant, and `sometimes` if it is a race that
   * may be won. What is listed must fail so, and what is not listed must not fail.
   */
  readonly known?: string;
  /** Takes the counts at the end; they are printed if it is absent. */
  readonly report?: (text: string) => void;
}

/** Makes a driver, and makes it again after it has not answered in time. */
export type MakeDriver = () => Driver | Promise<Driver>;

/** A vector did not come out as it must. The message says all of it; the stack would add nothing. */
class NotConforming extends Error {
  override readonly name = "NotConforming";

  constructor(message: string) {
    super(message);
    this.stack = `${this.name}: ${message}`;
  }
}

/**
 * Registers a test for each vector of the suite, and one that fails if nothing was run. What the driver
 * cannot run is skipped, and its title says what is lacking. With a function that makes the driver it
 * must be awaited, for what a driver can do is known only then.
 *
 * @throws {RangeError} if the driver is none or an option makes no sense, with a line that says why
 */
export function conformance(
  register: Register,
  driver: Driver,
  options?: ConformanceOptions,
): void;
/** Registers the tests of a driver that a function makes, when it is made. */
export function conformance(
  register: Register,
  driver: MakeDriver,
  options?: ConformanceOptions,
): Promise<void>;
export function conformance(
  register: Register,
  driver: Driver | MakeDriver,
  options: ConformanceOptions = {},
): void | Promise<void> {
  const file = callingFile(new Error().stack);
  if (typeof driver !== "function") {
    return registerAll(register, driver, () => driver, options, file);
  }
  return Promise.resolve(driver())
    .then((made) => registerAll(register, made, driver, options, file));
}

function registerAll(
  register: Register,
  driver: Driver,
  renew: MakeDriver,
  options: ConformanceOptions,
  file: string | undefined,
): void {
  const { version, vectors: all } = bundledSuite();
  const { trials = 200, seed = 1, seconds = 60, schedules = ["forced", "sampled"] } = options;
  const vectors = valid(select(all, listOf(options.only)));
  const handles = all.map(({ handle }) => handle);
  const known = valid(readKnownFailures(options.known ?? "", "known", new Set(handles)));
  const mistake = mistakeIn(driver) ?? mistakeInNumbers({ trials, seed, seconds });
  if (mistake !== undefined) throw new RangeError(`conformance: ${mistake}`);
  const asking = { schedules, trials, seed, timeout: seconds * 1000 };
  const session = new Session(driver, { vectors, asking, known, renew });
  const listedBy = new Map(known.map((each) => [each.handle, each]));
  const isJudge = driver.capabilities.includes("events");
  const [events = [], shown = []] = [true, false].map((isEvents) =>
    vectors.filter(({ kind, handle }) =>
      (kind === "event" && !isJudge && !listedBy.has(handle)) === isEvents
    )
  );
  if (events.length > 0) {
    const name = `${counted(events.length, "vector")} of events (skipped: the driver lacks events)`;
    register({ name, ignore: true, fn: () => Promise.resolve() });
  }
  for (const vector of shown) {
    const { handle } = vector;
    const listed = listedBy.get(handle);
    const lack = session.lackOf(vector);
    register({
      name: titleOf(handle, listed, lack),
      // What a list knows to fail must not be skipped.
      ignore: lack !== undefined && listed === undefined,
      fn: async (context) => {
        const result = await session.result(vector);
        await conclude(
          context,
          result,
          () => failureText(vector, result, againBy(register, handle, handles, file)),
        );
      },
    });
  }
  register({
    name: `something of suite ${version} is run`,
    ignore: false,
    fn: async () => {
      await runSomething(session, vectors);
      (options.report ?? console.log)(session.summary());
      if (!session.hasRun) throw new NotConforming("nothing was run: every vector was skipped");
    },
  });
}

function titleOf(
  handle: string,
  listed: KnownFailure | undefined,
  lack: string | undefined,
): string {
  if (listed !== undefined) {
    const { invariant, sometimes } = listed;
    return `${handle} (known to break ${invariant}${sometimes ? " sometimes" : ""})`;
  }
  return lack === undefined ? handle : `${handle} (skipped: ${lack})`;
}

/** Fails, skips or passes the test of a vector. */
async function conclude(
  context: TestContext,
  { verdict, why }: VectorResult,
  text: () => string,
): Promise<void> {
  if (verdict === "passed" || verdict === "known") return;
  if (verdict !== "skipped") throw new NotConforming(text());
  if (context.skip !== undefined) context.skip(why);
  else await context.step?.({ name: `skipped: ${why}`, ignore: true, fn: () => {} });
}

/** Whatever order the tests run in, and whichever of them are chosen: an empty run is no pass. */
async function runSomething(session: Session, vectors: readonly AnyVector[]): Promise<void> {
  for (const vector of vectors) {
    if (session.hasRun) break;
    if (session.lackOf(vector) === undefined) await session.result(vector);
  }
}

function listOf(only: string | readonly string[] | undefined): readonly string[] | undefined {
  return typeof only === "string" ? [only] : only;
}

function mistakeInNumbers(
  { trials, seed, seconds }: { readonly [name: string]: number },
): string | undefined {
  if (!isWhole(trials) || trials < 1) return `expected trials above 0, not ${trials}`;
  if (!isWhole(seed) || seed < 0) return `expected a whole number for seed, not ${seed}`;
  return Number(seconds) > 0 ? undefined : `expected seconds above 0, not ${seconds}`;
}

function isWhole(value: number | undefined): value is number {
  return Number.isSafeInteger(value);
}

/** @throws {RangeError} with the line that a value is instead */
function valid<T>(value: T | string): T {
  if (typeof value === "string") throw new RangeError(`conformance: ${value}`);
  return value;
}
