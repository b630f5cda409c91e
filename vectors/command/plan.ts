/**
 * `pagespec plan [ID...]`: prints what to record, so that invariants can be decided.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { invariants } from "../../model/invariants/catalogue.ts";
import { nearest } from "../../spec/nearest.ts";
import { deviceStack, eventFormat, kernelTypes, mountedAt } from "../kernel/recording/machine.ts";
import { isDax } from "../kernel/recording/mount.ts";
import { isForeign, planFor } from "../kernel/recording/plan.ts";
import { planFilters } from "../kernel/recording/plan_filters.ts";
import { planText, recorders } from "../kernel/recording/plan_text.ts";
import { whyText } from "../kernel/why_text.ts";
import { complain, printText } from "./output.ts";

/** Runs the verb; returns its exit status. */
export function run(args: readonly string[]): Promise<number> {
  const { values, positionals: ids } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      kernel: { type: "string" },
      fs: { type: "string" },
      dax: { type: "boolean", default: false },
      dir: { type: "string" },
      with: { type: "string", default: "tracefs" },
    },
  });
  const recorder = recorders.find((each) => each === values.with);
  if (recorder === undefined) {
    return refuse(`expected --with ${recorders.join(", ")}, not "${values.with}"`);
  }
  if (values.kernel !== undefined && !/^\d+\.\d+(\.\d+)?([-+~].*)?$/.test(values.kernel)) {
    return refuse(`expected --kernel as 6.12 or 6.12.107, not "${values.kernel}"`);
  }
  if (values.fs !== undefined && !/^[a-z0-9_]+$/.test(values.fs)) {
    return refuse(`expected --fs as /proc/filesystems has it, such as ext4, not "${values.fs}"`);
  }
  const known = invariants.map(({ id }) => id);
  for (const id of ids) {
    if (known.includes(id)) continue;
    const [near] = nearest(id, known);
    return refuse(`no invariant ${id}${near === undefined ? "" : `; did you mean ${near}?`}`);
  }
  const { dir } = values;
  if (dir !== undefined && (values.kernel ?? values.fs) !== undefined) {
    return refuse("expected --dir without --kernel and --fs: this machine tells them");
  }
  const mount = dir === undefined ? undefined : mountedAt(dir);
  if (dir !== undefined && mount === undefined) return refuse(`${dir}: no such folder`);
  if (dir !== undefined && eventFormat("") === undefined) {
    return refuse("expected tracefs with --dir: be root, and mount it on /sys/kernel/tracing");
  }
  const kernel = values.kernel ?? Deno.osRelease();
  const fs = values.fs ?? mount?.fileSystem;
  const plan = planFor({
    kernel,
    fileSystem: fs,
    dax: values.dax ? true : mount === undefined ? undefined : isDax(mount),
    types: values.kernel === undefined ? kernelTypes(fs) : undefined,
    ids: ids.length === 0 ? undefined : ids,
  });
  const devices = mount === undefined ? [] : deviceStack(mount.device);
  const of = devices.length === 0 ? "" : ` on ${devices.join(" and ")}`;
  printText(`# for kernel ${kernel}${fs === undefined ? "" : ` and ${fs}${of}`}; as root`);
  if (fs !== undefined && isForeign(fs)) {
    printText(
      `# no event of ${fs} itself is read, only those of the page cache and of block devices`,
    );
  }
  for (const source of plan.missing) {
    printText(`# no probe on ${source}: its offsets come from BTF; plan on that machine, as root`);
  }
  for (const { id, lacks, inLaterKernels } of plan.undecided) {
    const why = inLaterKernels
      ? "it takes probes that print arguments by name, as kernels from 6.12 on have them, or by offsets " +
        "from BTF, if the kernel has folios: plan on that machine, as root"
      : whyText({ kind: "not_shown", needs: lacks });
    printText(`# ${id} stays undecided: ${why}`);
  }
  const filters = planFilters(devices, (event) => eventFormat(event) ?? "");
  printText(planText(plan, recorder, filters));
  return Promise.resolve(0);
}

function refuse(why: string): Promise<number> {
  complain(`pagespec plan: ${why}`);
  return Promise.resolve(2);
}
