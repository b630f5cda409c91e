/**
 * Runs `conform` against `drive --dir`, for the tests of real file systems and of broken ones.
 *
 * @module
 */
import { assert } from "@std/assert";
import { pagespec } from "./command_line.ts";
import { loadsLazily } from "./loads_lazily.ts";
import { isX86Linux } from "./platform.ts";

const root = new URL("../", import.meta.url);

/** How a program ended, and what it wrote. */
interface Outcome {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a program from the root of the repository; status 127 where there is none. */
export async function run(program: string, ...args: readonly string[]): Promise<Outcome> {
  try {
    const command = new Deno.Command(program, { args: [...args], cwd: root, stdin: "null" });
    const { code, stdout, stderr } = await command.output();
    const text = new TextDecoder();
    return { status: code, out: text.decode(stdout), err: text.decode(stderr) };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      return { status: 127, out: "", err: `no ${program}` };
    }
    throw error;
  }
}

/** What a test reads of a report. */
export interface Report {
  readonly header: {
    readonly implementation: { readonly [field in "name" | "version" | "details"]: string };
  };
  readonly results: readonly {
    readonly handle: string;
    readonly verdict: string;
    readonly why?: string;
    readonly invariants: readonly string[];
    readonly images?: {
      readonly tried: number;
      readonly possible: string;
      readonly checked: number;
    };
    readonly observed: readonly {
      readonly kind: string;
      readonly text: string;
      readonly count: number;
    }[];
  }[];
  readonly footer: { readonly [count: string]: number };
}

/** How vectors are run. */
export interface Driving {
  /** Options of `conform`. */
  readonly conform?: readonly string[];
  /** Options of `drive`. */
  readonly drive?: readonly string[];
  /** Variables of the driver's environment alone: `NAME=value`. */
  readonly environment?: readonly string[];
}

/** Seconds of trials for each vector: enough for what is wrong every time. */
const quick = ["--seconds", "0.3"] as const;

/** What Deno is told for `drive`: the permissions of its task. */
export const runsDrive: readonly string[] = [
  ...["run", "--no-prompt", loadsLazily],
  ...["--allow-ffi", "--allow-read", "--allow-write", "--allow-run", "cli.ts", "drive"],
];

/** The command line of the driver of a folder. */
export function driverOf(folder: string): readonly string[] {
  return ["deno", ...runsDrive, "--dir", folder];
}

/** The command line that runs vectors against the file system at a folder. */
export function conformArguments(
  folder: string,
  { conform = [], drive = quick, environment = [] }: Driving,
): string[] {
  return [
    ...["conform", "--format", "json", ...conform, "--"],
    ...(environment.length === 0 ? [] : ["env", ...environment]),
    ...driverOf(folder),
    ...drive,
  ];
}

/** Runs vectors against the file system at a folder; returns the report. */
export async function drive(
  folder: string,
  driving: Driving,
): Promise<{ readonly status: number; readonly report: Report }> {
  const { status, out, err } = await pagespec(conformArguments(folder, driving));
  assert(out.startsWith("{"), err);
  return { status, report: JSON.parse(out) };
}

/** A folder that is gone afterwards. */
export async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await Deno.makeTempDir({ prefix: "pagespec-test-" });
  try {
    return await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** True if file systems can be mounted here. */
export const isRoot: boolean = isX86Linux && (await run("id", "-u")).out.trim() === "0";

/** True if programs in C can be compiled here. */
export const hasCompiler: boolean = isX86Linux && (await run("gcc", "--version")).status === 0;
