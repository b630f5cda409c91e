/**
 * Records as the readers make them: one shape for each kind, whatever the format.
 *
 * To make an object of another's fields takes as long as to read a line, so they have constructors; and
 * a text that few ask for is made when it is asked for.
 *
 * @module
 */
import type { Coded } from "./lines.ts";
import { argsAt, type ProbeText } from "./probe_line.ts";
import {
  GivenWords,
  type NamedWords,
  PlacedWords,
  type WordPlaces,
  type Words,
} from "./line_words.ts";
import type { MarkerText } from "./marker_text.ts";
import type {
  Interrupt,
  MarkerRecord,
  ProbeRecord,
  SyscallEnterRecord,
  SyscallExitRecord,
} from "./record.ts";

/** The columns of a record of a task. */
abstract class OfTask {
  /** A thread group of 0 is not known. */
  constructor(
    readonly line: number,
    readonly task: string,
    readonly pid: number,
    tgid: number,
    readonly cpu: number,
    readonly time: number,
  ) {
    if (tgid !== 0) this.tgid = tgid;
  }

  /** Thread group id, where it is printed. */
  declare readonly tgid?: number;
}

/** A system call is entered. */
export class SyscallEnter extends OfTask implements SyscallEnterRecord {
  readonly kind = "syscall-enter";

  constructor(
    line: number,
    task: string,
    pid: number,
    tgid: number,
    cpu: number,
    time: number,
    readonly syscall: string,
    readonly args: SyscallEnterRecord["args"],
    readonly bareHexadecimal: boolean,
  ) {
    super(line, task, pid, tgid, cpu, time);
  }
}

/** A system call returns. */
export class SyscallExit extends OfTask implements SyscallExitRecord {
  readonly kind = "syscall-exit";

  constructor(
    line: number,
    task: string,
    pid: number,
    tgid: number,
    cpu: number,
    time: number,
    readonly syscall: string,
    readonly result: number,
  ) {
    super(line, task, pid, tgid, cpu, time);
  }
}

/** Goes over the words of one probe after the other. */
const placed = new PlacedWords();

/** A probe in a text. It has no class above it: of all records there are most of these. */
export class TextProbe implements ProbeRecord {
  readonly kind = "probe";
  readonly function: string;
  readonly returns: boolean;
  readonly #lines: Coded;
  readonly #names: readonly string[];
  readonly #table: WordPlaces;
  readonly #from: number;
  readonly #to: number;

  /** Words of `lines` at these places have these names. */
  constructor(
    readonly line: number,
    readonly task: string,
    readonly pid: number,
    tgid: number,
    readonly cpu: number,
    readonly time: number,
    readonly interrupt: Interrupt | undefined,
    readonly name: string,
    lines: Coded,
    { function: probed, returns, names, table, from, to }: ProbeText,
  ) {
    if (tgid !== 0) this.tgid = tgid;
    this.function = probed;
    this.returns = returns;
    this.#lines = lines;
    this.#names = names;
    this.#table = table;
    this.#from = from;
    this.#to = to;
  }

  /** Thread group id, where it is printed. */
  declare readonly tgid?: number;

  /** The words, until those of another are asked for. */
  get words(): Words {
    return placed.begin(this.#lines, this.#names, this.#table, this.#from, this.#to);
  }

  /** The words by name. */
  get args(): NamedWords {
    return argsAt(this.#lines, this.#names, this.#table, this.#from, this.#to);
  }
}

/** A probe of which every word was printed. */
export class PrintedProbe extends OfTask implements ProbeRecord {
  readonly kind = "probe";
  readonly function: string;

  constructor(
    line: number,
    task: string,
    pid: number,
    tgid: number,
    cpu: number,
    time: number,
    readonly interrupt: Interrupt | undefined,
    readonly name: string,
    probed: string,
    readonly returns: boolean,
    readonly args: NamedWords,
  ) {
    super(line, task, pid, tgid, cpu, time);
    this.function = probed;
  }

  /** The words. */
  get words(): Words {
    return new GivenWords(this.args);
  }
}

/** A marker, whose text is made by `text` when it is asked for. */
export abstract class Marker extends OfTask implements MarkerRecord {
  readonly kind = "marker";
  abstract readonly text: string;

  constructor(
    line: number,
    task: string,
    pid: number,
    tgid: number,
    cpu: number,
    time: number,
    readonly says: MarkerText,
  ) {
    super(line, task, pid, tgid, cpu, time);
  }
}

/** A marker in a text. */
export class TextMarker extends Marker {
  readonly #whole: string;
  readonly #start: number;
  readonly #end: number;

  /** What was written is `whole` from `start` to `end`. */
  constructor(
    line: number,
    task: string,
    pid: number,
    tgid: number,
    cpu: number,
    time: number,
    says: MarkerText,
    whole: string,
    start: number,
    end: number,
  ) {
    super(line, task, pid, tgid, cpu, time, says);
    this.#whole = whole;
    this.#start = start;
    this.#end = end;
  }

  /** What was written. */
  get text(): string {
    return this.#whole.slice(this.#start, this.#end);
  }
}
