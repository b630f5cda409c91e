/**
 * How a probe is defined in tracefs: `dynamic_events` or `kprobe_events`
 * (Documentation/trace/kprobetrace.rst, fprobetrace.rst).
 *
 * @module
 */

/** A probe on a function. */
export interface ProbeDefinition {
  /**
   * `p` at the entry, `r` at the return; by fprobe, with arguments by their names (6.9 and later), `f` on
   * a function and `t` on a tracepoint.
   */
  readonly kind: "p" | "r" | "f" | "t";
  /** What it is called in the trace. A reader knows it by its function, not by this. */
  readonly name: string;
  readonly function: string;
  /** Arguments as tracefs takes them: `addr=$arg2:x64`. */
  readonly arguments: readonly string[];
  /** Calls under way at once of which the return is shown; undefined if the kernel sets no limit. */
  readonly atOnce?: number | undefined;
  /** True if its lines are read along with those of another probe on the function: a filter would part them. */
  readonly paired?: boolean;
}

/** The line that defines a probe, in a group of its own. */
export function definitionLine(probe: ProbeDefinition, group: string): string {
  const { kind, name, arguments: given, atOnce = "" } = probe;
  return [`${kind}${atOnce}:${group}/${name}`, probe.function, ...given].join(" ");
}

/**
 * The probe that shows which mappings a pass over DAX entries has write-protected. Arguments are by
 * register, which holds on x86-64 and arm64. Undefined where the kernel is not known: the two
 * functions take different arguments.
 */
export function mkcleanProbe(kernel: string | undefined): ProbeDefinition | undefined {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(kernel ?? "") ?? [];
  if (major === undefined || minor === undefined) return undefined;
  const isNew = Number(major) > 5 || (Number(major) === 5 && Number(minor) >= 19);
  const common = { kind: "p", name: "mkclean" } as const;
  return isNew
    ? {
      ...common,
      function: "pfn_mkclean_range",
      arguments: ["vm_start=+0($arg4):x64", "vm_end=+8($arg4):x64"],
    }
    : { ...common, function: "follow_invalidate_pte", arguments: ["addr=$arg2:x64"] };
}
