/**
 * A driver of this process and the vectors that it has been asked about.
 *
 * @module
 */
import type { AnyVector } from "../../format/any_vector.ts";
import { type AskedDriver, type Asking, askVector, lackOf } from "../ask.ts";
import type { Driver } from "../driver.ts";
import { type KnownFailure, settle } from "../known_failures.ts";
import {
  countsText,
  patience,
  resultOf,
  unseenLines,
  type VectorFinding,
  type VectorResult,
} from "../result.ts";
import { askedInProcess } from "./in_process.ts";

/** What is asked, of whom. */
interface SessionOptions {
  readonly vectors: readonly AnyVector[];
  readonly asking: Asking;
  readonly known: readonly KnownFailure[];
  /** Makes the driver anew, after it has not answered in time. */
  readonly renew: () => Driver | Promise<Driver>;
}

/** Asks one vector at a time, however the test runner runs its tests. */
export class Session {
  readonly #options: SessionOptions;
  readonly #results = new Map<AnyVector, Promise<VectorResult>>();
  readonly #done: VectorResult[] = [];
  #driver: Driver;
  #asked: AskedDriver;
  #last: Promise<unknown> = Promise.resolve();
  #failures = 0;
  #lastFailure = "";

  constructor(driver: Driver, options: SessionOptions) {
    this.#driver = driver;
    this.#asked = askedInProcess(driver);
    this.#options = options;
  }

  /** Why a vector cannot be run; undefined if it can. */
  lackOf(vector: AnyVector): string | undefined {
    return lackOf(this.#asked, vector);
  }

  /** What came of a vector. It is asked once. */
  result(vector: AnyVector): Promise<VectorResult> {
    const known = this.#results.get(vector);
    if (known !== undefined) return known;
    const result = this.#last.then(() => this.#ask(vector));
    this.#last = result;
    this.#results.set(vector, result);
    return result;
  }

  /** True if some vector that has been asked was not skipped. */
  get hasRun(): boolean {
    return this.#done.some(({ verdict }) => verdict !== "skipped");
  }

  /** What came of all that was asked, and how much was not: a line or two. */
  summary(): string {
    const { name, version, details } = this.#driver;
    const { vectors } = this.#options;
    const skipped = vectors.filter((vector) => !this.#results.has(vector)).flatMap((vector) => {
      const why = this.lackOf(vector);
      return why === undefined ? [] : [resultOf(vector, { verdict: "skipped", why })];
    });
    const results = [...this.#done, ...skipped];
    const who = [name, version, details].filter(Boolean).join(" ");
    const counts = countsText(results, vectors.length - results.length);
    return [`${who}: ${counts}`, ...unseenLines(results)].join("\n");
  }

  async #ask(vector: AnyVector): Promise<VectorResult> {
    const { asking, known, renew } = this.#options;
    const started = performance.now();
    const finish = (finding: VectorFinding): VectorResult => {
      const milliseconds = Math.round(performance.now() - started);
      const result = settle(resultOf(vector, { ...finding, milliseconds }), known);
      this.#done.push(result);
      return result;
    };
    if (this.#failures >= patience) {
      const why = `the driver was given up: ${this.#lastFailure}`;
      return finish({ verdict: "errored", why });
    }
    const found = await askVector(this.#asked, vector, asking);
    if (!("kind" in found)) {
      this.#failures = 0;
      return finish(found);
    }
    const why = found.kind === "lost" ? found.why : "stopped";
    this.#failures++;
    this.#lastFailure = why;
    this.#driver = await renew();
    this.#asked = askedInProcess(this.#driver);
    return finish({ verdict: "errored", why });
  }
}
