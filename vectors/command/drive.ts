/**
 * `pagespec drive`: a driver for the line protocol of `conform`.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { bugNames, bugs, isBug } from "../../model/operation/bugs.ts";
import { nearest } from "../../spec/nearest.ts";
import { referenceDriver } from "../conform/drive/reference_driver.ts";
import { serve } from "../conform/drive/serve.ts";
import { fileSystemKinds, isFileSystemKind } from "../conform/power_cut/file_systems.ts";
import type { Driver } from "../conform/driver.ts";
import type { JudgeMutant } from "../generate/mutants/judge_mutant.ts";
import { command } from "./called.ts";
import { complain, printText } from "./output.ts";

/** Runs the verb; returns its exit status. */
export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      device: { type: "string" },
      dir: { type: "string" },
      fs: { type: "string" },
      images: { type: "string" },
      keep: { type: "string" },
      library: { type: "string" },
      lie: { type: "string" },
      mkfs: { type: "string" },
      mount: { type: "string" },
      mutant: { type: "string" },
      mutants: { type: "boolean", default: false },
      seconds: { type: "string" },
      sector: { type: "string" },
      yes: { type: "boolean", default: false },
    },
  });
  const [extra] = positionals;
  if (extra !== undefined) return refuse(`expected no argument, not "${extra}"`);
  if (values.mutants) return await listMutants();
  const misplaced = misplacedOption(values);
  if (misplaced !== undefined) return refuse(misplaced);
  const { mutant, dir } = values;
  if (dir !== undefined) {
    if (Deno.build.os !== "linux" || Deno.build.arch !== "x86_64") {
      return refuse("expected Linux on x86-64 for --dir");
    }
    const seconds = Number(values.seconds ?? 2);
    if (!(seconds > 0)) return refuse(`expected --seconds above 0, not "${values.seconds}"`);
    const { driveFolder } = await import("../conform/drive/drive_folder.ts");
    const remark = (line: string): void => complain(`pagespec drive: ${line}`);
    const wrong = await driveFolder(dir, { seconds, library: values.library, remark });
    return wrong === undefined ? 0 : refuse(wrong);
  }
  if (values.device !== undefined) return await driveDeviceBy(values.device, values);
  await giveBackPermissions();
  if (mutant === undefined) return await served(referenceDriver());
  if (isBug(mutant)) return await served(referenceDriver({ name: mutant, bug: mutant }));
  const ofJudge = mutant.includes("/");
  const [found] = ofJudge ? await readJudgeMutants(mutant) : [];
  if (found !== undefined) {
    return await served(referenceDriver({ name: mutant, judge: found.judge }));
  }
  const judges = ofJudge ? await readJudgeMutants() : [];
  const [near] = nearest(mutant, [...bugNames, ...judges.map(({ id }) => id)]);
  const hint = near === undefined
    ? `\`${command("drive --mutants")}\` lists them`
    : `did you mean ${near}?`;
  return refuse(`expected the name of a mutant, not "${mutant}"; ${hint}`);
}

/** What is driven, and the options that only one or two of these take. */
const driven = ["dir", "device", "mutant"] as const;
const optionsOf: Readonly<Record<string, readonly typeof driven[number][]>> = {
  library: ["dir", "device"],
  seconds: ["dir", "device"],
  fs: ["device"],
  images: ["device"],
  keep: ["device"],
  lie: ["device"],
  mkfs: ["device"],
  mount: ["device"],
  sector: ["device"],
};

/** Why two options do not go together, if they do not. */
function misplacedOption(values: Readonly<Record<string, unknown>>): string | undefined {
  const [first, second] = driven.filter((each) => values[each] !== undefined);
  if (second !== undefined) return `expected --${first} or --${second}, not both`;
  for (const [option, takers] of Object.entries(optionsOf)) {
    if (values[option] === undefined || takers.some((each) => each === first)) continue;
    return `expected ${takers.map((each) => `--${each}`).join(" or ")} with --${option}`;
  }
  return undefined;
}

/** Options of `--device`. */
interface DeviceOptions {
  readonly fs?: string | undefined;
  readonly images?: string | undefined;
  readonly keep?: string | undefined;
  readonly library?: string | undefined;
  readonly lie?: string | undefined;
  readonly mkfs?: string | undefined;
  readonly mount?: string | undefined;
  readonly seconds?: string | undefined;
  readonly sector?: string | undefined;
  readonly yes: boolean;
}

async function driveDeviceBy(device: string, options: DeviceOptions): Promise<number> {
  if (Deno.build.os !== "linux" || Deno.build.arch !== "x86_64") {
    return refuse("expected Linux on x86-64 for --device");
  }
  const { fs: kind = "ext4", keep, library, lie, mkfs = "", mount, yes } = options;
  if (!isFileSystemKind(kind)) {
    return refuse(`expected --fs ${fileSystemKinds.join(", ")}, not "${kind}"`);
  }
  if (lie !== undefined && lie !== "flush" && lie !== "wait") {
    return refuse(`expected --lie flush or wait, not "${lie}"`);
  }
  const images = Number(options.images ?? 200);
  if (!Number.isSafeInteger(images) || images < 1) {
    return refuse(`expected --images of 1 or more, not "${options.images}"`);
  }
  const seconds = Number(options.seconds ?? 30);
  if (!(seconds > 0)) return refuse(`expected --seconds above 0, not "${options.seconds}"`);
  const sector = Number(options.sector ?? 4096);
  if (sector !== 512 && sector !== 4096) {
    return refuse(`expected --sector 512 or 4096, not "${options.sector}"`);
  }
  const { driveDevice } = await import("../conform/power_cut/drive_device.ts");
  const remark = (line: string): void => complain(`pagespec drive: ${line}`);
  const make = mkfs.split(" ").filter((each) => each !== "");
  const wrong = await driveDevice(device, {
    ...{ kind, make, mount, yes, sector, images, seconds, lie, library, keep, remark },
  });
  return wrong === undefined ? 0 : refuse(wrong);
}

/** The model needs no permission, whoever asks it: the task has them for a real file system. */
async function giveBackPermissions(): Promise<void> {
  for (const name of ["ffi", "run", "write", "read"] as const) {
    await Deno.permissions.revoke({ name });
  }
}

async function served(driver: Driver): Promise<number> {
  const wrong = await serve(driver);
  return wrong === undefined ? 0 : refuse(wrong);
}

/** Mutants of the model of operations, then those of the judge of events. */
async function listMutants(): Promise<number> {
  const judges = await readJudgeMutants();
  for (const name of bugNames) {
    printText(`${name}  ${bugs[name].breaks}  ${bugs[name].says}`);
  }
  for (const { id, invariant, changes } of judges) {
    printText(`${id}  ${invariant ?? "events"}  ${changes}`);
  }
  return 0;
}

async function readJudgeMutants(only?: string): Promise<readonly JudgeMutant[]> {
  const { judgeMutants } = await import("../conform/drive/judge_mutants.ts");
  return judgeMutants(only);
}

function refuse(line: string): number {
  complain(`pagespec drive: ${line}`);
  return 2;
}
