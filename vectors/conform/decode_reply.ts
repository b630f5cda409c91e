/**
 * Reads a line of a driver: a reply, or what is wrong with it. Nothing that a driver writes is trusted
 * to have a shape.
 *
 * @module
 */
import {
  type Errno,
  type Failure,
  failures,
  joinBytes,
  type Observation,
  type Result,
} from "../../model/operation/observation.ts";
import { invariants } from "../../model/invariants/catalogue.ts";
import type { Breach } from "../format/event_vector.ts";
import { capabilities, type Capability, isName } from "../format/vocabulary.ts";
import type {
  Answer,
  CountedObservation,
  Implementation,
  JudgedVerdict,
  Reply,
  Schedule,
  TriedImages,
} from "./protocol.ts";

/** A line that is no reply: what was expected. */
export interface Unreadable {
  readonly kind: "unreadable";
  readonly expected: string;
}

type Fields = { readonly [key: string]: unknown };

/** The reply of a line. */
export function decodeReply(line: string): Reply | Unreadable {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return unreadable(`one JSON object, not "${excerpt(line)}"`);
  }
  if (!isFields(value)) return unreadable(`a JSON object, not "${excerpt(line)}"`);
  if (value.kind === "hello") return decodeHello(value);
  const { seq } = value;
  if (typeof seq !== "string") return unreadable(`the seq of the request in "${excerpt(line)}"`);
  const answer = decodeAnswer(value);
  return answer.kind === "unreadable" ? answer : { ...answer, seq };
}

/** The answer that a value is, or what was expected. */
export function decodeAnswer(value: unknown): Answer | Unreadable {
  if (!isFields(value)) return unreadable(`an answer, not ${excerpt(textOf(value))}`);
  const { kind, why } = value;
  if (kind === "outcome") return decodeOutcome(value.observations, value.images);
  if (kind === "verdict") return decodeVerdict(value.verdict);
  const found = `in "${excerpt(textOf(value))}"`;
  if (kind !== "skipped" && kind !== "errored") {
    return unreadable(`kind outcome, verdict, skipped or errored ${found}`);
  }
  return isText(why) ? { kind, why: sentence(why) } : unreadable(`a sentence in "why" ${found}`);
}

/** The hello that an object is, or what was expected. */
export function decodeHello(value: Fields): Reply | Unreadable {
  const { protocol, implementation, capabilities, schedules } = value;
  if (!isCount(protocol, 1)) return unreadable("a number in protocol");
  if (!isImplementation(implementation)) return unreadable("implementation with name and version");
  if (!Array.isArray(capabilities)) return unreadable("a list of capabilities");
  const unknown: unknown = capabilities.find((each) => !isCapability(each));
  if (unknown !== undefined || !isListOf(capabilities, isCapability)) {
    const found = excerpt(JSON.stringify(unknown) ?? "nothing");
    return unreadable(`capabilities of the closed list, not ${found}`);
  }
  if (!isListOf(schedules, isSchedule)) return unreadable("schedules: forced or sampled");
  const { name, version, details } = implementation;
  const introduced = {
    name: sentence(name),
    version: sentence(version),
    ...(details === undefined ? {} : { details: sentence(details) }),
  };
  return {
    kind: "hello",
    protocol,
    implementation: introduced,
    capabilities: [...new Set(capabilities)],
    schedules: [...new Set(schedules)],
  };
}

function decodeOutcome(observations: unknown, images: unknown): Answer | Unreadable {
  if (!Array.isArray(observations) || observations.length === 0) {
    return unreadable("at least one observation");
  }
  const counted: CountedObservation[] = [];
  for (const each of observations) {
    if (!isFields(each)) return unreadable("observations with observation and count");
    const { observation, count } = each;
    if (!isCount(count, 1)) return unreadable("a count of 1 or more");
    const decoded = decodeObservation(observation);
    if (decoded === undefined) return unreadable("results by operation id in every observation");
    counted.push({ observation: decoded, count });
  }
  if (images === undefined) return { kind: "outcome", observations: counted };
  if (!isTriedImages(images)) return unreadable("images with tried, possible and checked");
  const { tried, possible, checked } = images;
  return { kind: "outcome", observations: counted, images: { tried, possible, checked } };
}

function decodeVerdict(verdict: unknown): Answer | Unreadable {
  const decoded = verdictOf(verdict);
  return decoded === undefined
    ? unreadable(
      "a verdict: accepted, impossible with at, or rejected with an invariant of the closed list, at " +
        "and what is implied",
    )
    : { kind: "verdict", verdict: decoded };
}

function verdictOf(verdict: unknown): JudgedVerdict | undefined {
  if (!isFields(verdict)) return undefined;
  const { kind, implied } = verdict;
  if (kind === "accepted") return { kind };
  if (kind === "impossible") return isCount(verdict.at, 0) ? { kind, at: verdict.at } : undefined;
  if (kind !== "rejected" || !isBreach(verdict)) return undefined;
  const { invariant, at } = verdict;
  if (implied === undefined) return { kind, invariant, at };
  if (!isListOf(implied, isBreach)) return undefined;
  return { kind, invariant, at, implied: implied.map(({ invariant, at }) => ({ invariant, at })) };
}

function isBreach(value: unknown): value is Breach {
  return isFields(value) && isInvariant(value.invariant) && isCount(value.at, 0);
}

/** Ids are a closed list: another is nonsense, and no verdict that is wrong. */
const ids: ReadonlySet<unknown> = new Set(invariants.map(({ id }) => id));

function isInvariant(value: unknown): value is string {
  return ids.has(value);
}

/**
 * Results by id, reads brought into their one form. What no operation can be called would make one
 * observation look like another.
 */
function decodeObservation(value: unknown): Observation | undefined {
  if (!isFields(value)) return undefined;
  const decoded: [id: string, result: Result][] = [];
  for (const [id, result] of Object.entries(value)) {
    if (!isName(id) || !isResult(result)) return undefined;
    decoded.push([id, typeof result === "object" ? joinBytes(result) : result]);
  }
  return Object.fromEntries(decoded);
}

/** True if the value is a result: a number, a failure, or runs of bytes. */
export function isResult(value: unknown): value is Result {
  if (typeof value === "number") return Number.isSafeInteger(value);
  if (typeof value === "string") return isFailure(value);
  return Array.isArray(value) && value.every(isRun);
}

function isFailure(value: string): value is Failure | Errno {
  return Object.hasOwn(failures, value) || /^E[A-Z0-9]{1,20}$/.test(value);
}

function isRun(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2 && value.every((each) => isCount(each, 0));
}

/** True if the value is a whole number, this large at least. */
function isCount(value: unknown, least: number): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= least;
}

function isImplementation(value: unknown): value is Implementation {
  return isFields(value) && isText(value.name) && isText(value.version) &&
    ["string", "undefined"].includes(typeof value.details);
}

function isTriedImages(value: unknown): value is TriedImages {
  return isFields(value) && isCount(value.tried, 1) && isCount(value.checked, 0) &&
    typeof value.possible === "string" && /^\d{1,1000}$/.test(value.possible);
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function isCapability(value: unknown): value is Capability {
  return typeof value === "string" && Object.hasOwn(capabilities, value);
}

function isSchedule(value: unknown): value is Schedule["kind"] {
  return value === "forced" || value === "sampled";
}

function isListOf<T>(value: unknown, is: (each: unknown) => each is T): value is readonly T[] {
  return Array.isArray(value) && value.every(is);
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function unreadable(expected: string): Unreadable {
  return { kind: "unreadable", expected };
}

/** A value as text, whatever it is. */
function textOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
}

/** The beginning of a line. */
function excerpt(line: string): string {
  return shortened(line, 60);
}

/** A sentence of the driver, not without end. Reports make visible what it holds. */
function sentence(text: string): string {
  return shortened(text, 500);
}

function shortened(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}...` : text;
}
