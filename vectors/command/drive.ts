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
      dir: { type: "string" },
      library: { type: "string" },
      mutant: { type: "string" },
      mutants: { type: "boolean", default: false },
      seconds: { type: "string" },
    },
  });
  const [extra] = positionals;
  if (extra !== undefined) return refuse(`expected no argument, not "${extra}"`);
  if (values.mutants) return await listMutants();
  const { mutant, dir } = values;
  if (dir !== undefined) {
    if (mutant !== undefined) return refuse("expected --dir or --mutant, not both");
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
  await giveBackPermissions();
  for (const option of ["library", "seconds"] as const) {
    if (values[option] !== undefined) return refuse(`expected --dir with --${option}`);
  }
  if (mutant === undefined) return await served(referenceDriver());
  if (isBug(mutant)) return await served(referenceDriver({ name: mutant, bug: mutant }));
  const judges = mutant.includes("/") ? await readJudgeMutants() : [];
  const judge = judges.find(({ id }) => id === mutant)?.judge;
  if (judge !== undefined) return await served(referenceDriver({ name: mutant, judge }));
  const [near] = nearest(mutant, [...bugNames, ...judges.map(({ id }) => id)]);
  const hint = near === undefined
    ? `\`${command("drive --mutants")}\` lists them`
    : `did you mean ${near}?`;
  return refuse(`expected the name of a mutant, not "${mutant}"; ${hint}`);
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

async function readJudgeMutants(): Promise<readonly JudgeMutant[]> {
  const { judgeMutants } = await import("../conform/drive/judge_mutants.ts");
  return judgeMutants();
}

function refuse(line: string): number {
  complain(`pagespec drive: ${line}`);
  return 2;
}
