/**
 * What a probed function is to the translation: one row, which stands in one place. To add a probe is
 * to add a row to its group's file, and the same row to `spec/traces.md`.
 *
 * @module
 */
import type { LineClass } from "../../../model/line_class.ts";
import type { ProbeRecord } from "../record.ts";
import type { TaskState } from "../task.ts";
import type { Translation } from "../translate/translation.ts";

/** A line of a probe, and who has met it. */
interface MetProbe {
  readonly translation: Translation;
  readonly task: TaskState;
  readonly record: ProbeRecord;
}

/** One row of the table. */
export interface ProbeRow {
  /** The kernel's function; what the probe was named does not matter. */
  readonly function: string;
  /** Names of the arguments that are used, as the probe's definition must give them. */
  readonly arguments: string;
  /**
   * Class of lines that an invariant's card may need; undefined for a line that only helps to read
   * others.
   */
  readonly lines: LineClass | undefined;
  /** Kernels whose sources were read. */
  readonly kernels: string;
  /** The model's event that it stands for, or what it is used for instead. */
  readonly event: string;
  /** The function is entered. */
  readonly entered?: (met: MetProbe) => void;
  /** The function returns (a return probe). */
  readonly returned?: (met: MetProbe) => void;
}
