/**
 * Probes of kernels that take a function's arguments by their names, which BTF gives them.
 *
 * @module
 */
import type { ProbeDefinition } from "./probe_definition.ts";

/** A probe that is to be defined: its row, its name in the trace, and its arguments by their names. */
export interface WantedProbe {
  readonly source: string;
  readonly name: string;
  readonly arguments: readonly string[];
}

/** True for kernels whose probes take arguments by name, at the return as well (6.9 and later; tried: 6.12). */
export function namesArguments(kernel: string | undefined): boolean {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(kernel ?? "") ?? [];
  return Number(major) > 6 || (Number(major) === 6 && Number(minor) >= 12);
}

/** The function of a row, and whether the row is of its return. */
export function functionOf(source: string): { readonly called: string; readonly leaves: boolean } {
  const [, called = "", leaves] = /^(\w+)\(\)( returns)?$/.exec(source) ?? [];
  return { called, leaves: leaves !== undefined };
}

/** The definition: an fprobe, or a probe on a tracepoint. */
export function probeByNames(
  { source, name, arguments: given }: WantedProbe,
  version: string | undefined,
): ProbeDefinition {
  const { called, leaves } = functionOf(source);
  const stub = /^__probestub_(\w+)$/.exec(called)?.[1];
  // A tracepoint's own arguments, which the event does not print.
  if (stub !== undefined) return { kind: "t", name, function: stub, arguments: given };
  return leaves
    ? {
      kind: "f",
      name,
      function: `${called}%return`,
      arguments: given,
      atOnce: returnsAtOnce(version),
    }
    : { kind: "f", name, function: called, arguments: given };
}

/**
 * Before 6.14 a probe's returns are shown of so many calls at once, two for each CPU if nothing is said;
 * later ones refuse the number and show all ("Remove nr_maxactive from fprobe"). A sync call sleeps, so
 * many are under way.
 */
function returnsAtOnce(version: string | undefined): number | undefined {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(version ?? "") ?? [];
  const isLimited = Number(major) < 6 || (Number(major) === 6 && Number(minor) < 14);
  return isLimited ? 1024 : undefined;
}
