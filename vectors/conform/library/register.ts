/**
 * The test runners that vectors can be registered with.
 *
 * @module
 */
import { type Command, quoted, rememberCommand, words } from "./again.ts";

/** What a test may do besides passing and failing; every runner has one of them. */
export interface TestContext {
  /** A step of a test, as Deno has it. */
  readonly step?: (
    step: { readonly name: string; readonly ignore: boolean; readonly fn: () => void },
  ) => Promise<boolean>;
  /** Skips the test that runs, as node:test and vitest have it. */
  readonly skip?: (why?: string) => void;
}

/** One test, as `Deno.test` takes it. */
export interface Test {
  /** Title, by which a runner chooses tests. */
  readonly name: string;
  /** True if it is only listed, as skipped. */
  readonly ignore: boolean;
  /** Runs it; rejects if it fails. */
  readonly fn: (context: TestContext) => Promise<void>;
}

/** Registers a test: `Deno.test` is one, {@linkcode nodeTest} and {@linkcode vitest} make others. */
export type Register = (test: Test) => unknown;

/** `test` of node:test or of vitest, as far as it is used. */
export type TestFunction = (
  name: string,
  options: { readonly skip: boolean; readonly timeout: number },
  run: (context: { readonly skip: (why?: string) => void }) => Promise<void>,
) => unknown;

/** Vectors have a time limit of their own. */
const longest = 24 * 60 * 60 * 1000;

/** Registers with node:test: `conformance(nodeTest(test), driver)`. */
export function nodeTest(test: TestFunction): Register {
  return using(
    test,
    ({ text, pattern = text, file }) =>
      words(`node --test ${quoted(`--test-name-pattern=${pattern}`)}`, file),
  );
}

/** Registers with vitest: `conformance(vitest(test), driver)`. */
export function vitest(test: TestFunction): Register {
  return using(
    test,
    ({ text, pattern = text, file }) => words("vitest run -t", quoted(pattern), file),
  );
}

function using(test: TestFunction, command: Command): Register {
  const register: Register = ({ name, ignore, fn }) =>
    test(name, { skip: ignore, timeout: longest }, fn);
  rememberCommand(register, command);
  return register;
}
