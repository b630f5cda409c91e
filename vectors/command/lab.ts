/**
 * `pagespec lab`: boots a kernel under QEMU, and runs vectors, power cuts or a recording in it.
 *
 * @module
 */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { match } from "../../model/match.ts";
import {
  type GuestFileSystem,
  guestFileSystem,
  guestFileSystemNames,
  isGuestFileSystem,
  mountPoint,
  type Versions,
} from "../lab/guest_file_system.ts";
import { partialOf } from "../kernel/recording/partial_file.ts";
import { skipLibrary } from "../lab/guest.ts";
import { makeGuest, type WantedKernel } from "../lab/lab.ts";
import { runProgram } from "../lab/program.ts";
import { runGuest } from "../lab/run_guest.ts";
import { vanishing } from "../lab/vanishing.ts";
import { run as check } from "./check.ts";
import { askedOf, checkOptions, idleOption } from "./check_options.ts";
import { run as conform } from "./conform.ts";
import { complain } from "./output.ts";

/** What can be run in a guest. */
const jobs = ["conform", "power-cut", "record"] as const;
type JobName = typeof jobs[number];

/** Seconds for an answer of a driver whose processor may be emulated. */
const patience = "600";

/** Seconds for the images of one vector. */
const seconds = "120";

/** Processors of a guest: what the vectors' tasks do must be able to race. */
const processors = 2;

/** Runs the verb; returns its exit status. */
export async function run(args: readonly string[]): Promise<number> {
  const at = args.findIndex((each) => jobs.some((job) => job === each));
  const job = jobs.find((each) => each === args[at]);
  if (job === undefined) return refuse(`expected ${jobs.join(", ")} behind the options`);
  const { values, positionals } = parseArgs({
    args: args.slice(0, at),
    allowPositionals: true,
    options: {
      bzImage: { type: "string" },
      fs: { type: "string", default: "ext4" },
      kernel: { type: "string" },
      modules: { type: "string" },
      output: { type: "string", default: "pagespec-lab" },
      skip: { type: "string" },
      timeout: { type: "string", default: "3600" },
    },
  });
  const [extra] = positionals;
  if (extra !== undefined) return refuse(`expected ${jobs.join(", ")}, not "${extra}"`);
  if (Deno.build.os !== "linux" || Deno.build.arch !== "x86_64") {
    return refuse("expected Linux on x86-64");
  }
  const kernel = kernelOf(values);
  if (typeof kernel === "string") return refuse(kernel);
  const { fs: fileSystem, skip } = values;
  if (skip !== undefined && kernel.kind === "own") return refuse("expected --kernel with --skip");
  if (!isGuestFileSystem(fileSystem)) {
    return refuse(`expected --fs ${guestFileSystemNames.join(", ")}, not "${fileSystem}"`);
  }
  const timeout = Number(values.timeout);
  if (!(timeout >= 1)) return refuse(`expected --timeout of 1 or more, not "${values.timeout}"`);
  const cache = cacheFolder();
  if (cache === undefined) return refuse("expected XDG_CACHE_HOME or HOME, for the kernels");
  const rest = args.slice(at + 1);
  const end = rest.includes("--") ? rest.indexOf("--") : rest.length;
  const [options, more] = [rest.slice(0, end), rest.slice(end + 1)];
  const unjudged = job === "record" ? leavesTrace(options) : false;
  if (typeof unjudged === "string") return refuse(unjudged);
  const results = resolve(values.output);
  const trace = `${results}/pagespec.trace.txt`;
  const deno = await denoHere();
  if (typeof deno === "string") return refuse(deno);
  const { folder, environment } = deno;
  const guest = await makeGuest({
    ...{ kernel, fileSystem, processors, timeout, cache, results },
    job: {
      mounted: job !== "power-cut",
      skip,
      command: (versions) => [
        ...deno.command,
        ...verbOf(job, guestFileSystem(fileSystem), versions, trace),
        ...(job === "record" && more.length === 0 ? vectorsBy(deno.command) : []),
        ...(skip === undefined || (job === "record" && more.length > 0) ? [] : naming),
        ...more,
      ],
      ...{ folder, environment },
    },
    remark: (line) => complain(`pagespec lab: ${line}`),
  });
  if (typeof guest === "string") return refuse(guest);
  using _ = guest;
  if (job !== "record") {
    const status = await conform(["--timeout", patience, ...options, "--", ...guest.command]);
    const lacking = guest.lacking();
    return lacking === undefined ? status : refuse(lacking);
  }
  if (isThere(trace)) Deno.removeSync(trace);
  await using _partial = vanishing(partialOf(trace));
  const { interrupted } = await runGuest(guest, complain);
  if (interrupted) return 2;
  if (!isThere(trace)) {
    return refuse(guest.lacking() ?? `no trace came back: see ${guest.console}`);
  }
  return unjudged ? 0 : await check([...options, trace]);
}

/**
 * True if the trace is to be judged elsewhere; what is wrong with an option, if one is. Throws if these are
 * no options of `record` or `check`.
 */
function leavesTrace(options: readonly string[]): boolean | string {
  const { values, tokens } = parseArgs({
    args: [...options],
    options: { ...checkOptions, unjudged: { type: "boolean", default: false } },
    tokens: true,
  });
  const asked = idleOption(tokens) ?? askedOf(values);
  return typeof asked === "string" ? asked : values.unjudged;
}

/** The options that say which kernel. */
interface KernelOptions {
  readonly bzImage?: string | undefined;
  readonly kernel?: string | undefined;
  readonly modules?: string | undefined;
}

function kernelOf({ bzImage, kernel, modules }: KernelOptions): WantedKernel | string {
  if ((bzImage === undefined) === (kernel === undefined)) {
    return "expected --kernel VERSION, or --bzImage FILE with --modules DIR";
  }
  if (bzImage !== undefined) {
    return {
      kind: "own",
      image: resolve(bzImage),
      modules: modules === undefined ? undefined : resolve(modules),
    };
  }
  if (modules !== undefined) return "expected --bzImage with --modules";
  const version = kernel ?? "";
  return /^\d+\.\d/.test(version)
    ? { kind: "debian", version }
    : `expected --kernel such as 6.12 or 6.12.117, not "${version}"`;
}

/** The verb that runs in the guest: what judges runs on this machine. */
function verbOf(
  job: JobName,
  { type, device, make, mount }: GuestFileSystem,
  versions: Versions,
  trace: string,
): readonly string[] {
  return match(job)
    .with("conform", () => ["drive", "--dir", mountPoint])
    .with("power-cut", () => [
      ...["drive", "--device", device, "--fs", type, "--yes", "--seconds", seconds],
      ...(make(versions).length === 0 ? [] : [`--mkfs=${make(versions).join(" ")}`]),
      ...(mount === "" ? [] : ["--mount", mount]),
    ])
    .with("record", () => ["record", "--dir", mountPoint, "--output", trace, "--unjudged", "--"])
    .exhaustive();
}

/** The command that runs all vectors of the mounted file system, each for a moment. */
function vectorsBy(program: readonly string[]): readonly string[] {
  return [
    ...[...program, "conform", "--trials", "2", "--timeout", patience, "--"],
    ...[...program, "drive", "--dir", mountPoint, "--seconds", "0.3"],
  ];
}

/** The option of `drive` that names tasks in calls that make data durable. */
const naming = ["--library", skipLibrary] as const;

function isThere(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** How this command line is started again, in the guest. */
async function denoHere() {
  const deno = Deno.realPathSync(Deno.execPath());
  const info = await runProgram(deno, ["info", "--json"]);
  if (typeof info === "string") return info;
  const { denoDir }: { denoDir: string } = JSON.parse(info.output);
  const main = new URL(Deno.mainModule);
  if (main.protocol !== "file:") return "expected a copy of this program on disk";
  return {
    folder: Deno.cwd(),
    environment: { DENO_DIR: denoDir, NO_COLOR: "1", HOME: "/root" },
    command: [
      ...[deno, "run", "--quiet", "--no-prompt", "--no-check", "--cached-only", "--allow-all"],
      decodeURIComponent(main.pathname),
    ],
  };
}

/** The folder where kernels are kept from one run to the next; undefined if nothing says where. */
function cacheFolder(): string | undefined {
  const [cache, home] = [Deno.env.get("XDG_CACHE_HOME"), Deno.env.get("HOME")];
  const folder = cache ?? (home === undefined ? undefined : `${home}/.cache`);
  return folder === undefined || folder === "" ? undefined : `${folder}/pagespec/lab`;
}

function refuse(line: string): number {
  complain(`pagespec lab: ${line}`);
  return 2;
}
