/**
 * The card of a bundled recording: where it comes from, what a person should learn from it, and the
 * verdicts that are true of it.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import type { Verdict } from "../../model/check/verdict.ts";
import { root } from "../../spec/root.ts";
import { readYaml } from "../../spec/yaml.ts";
import type { TraceVerdict } from "./check_trace.ts";

/** A card, as written beside its recording in `vectors/recorded/NAME.card.yaml`. */
export interface RecordedCard {
  readonly name: string;
  /** File name of the recording. */
  readonly trace: string;
  readonly kernel: string;
  readonly filesystem: string;
  readonly workload: string;
  /** How it was recorded. */
  readonly recorded: string;
  /** The function that the kernel was made to skip; undefined for a kernel as it was released. */
  readonly skips: string | undefined;
  readonly learn: string;
  /** True if its first breach is shown when all are judged. */
  readonly show: boolean;
  readonly verdict: TraceVerdict;
  /** Every invariant whose verdict is not `unexercised`. */
  readonly expect: ReadonlyMap<string, Verdict>;
}

const texts = ["trace", "kernel", "filesystem", "workload", "recorded", "learn"] as const;
const verdicts: ReadonlySet<string> = new Set(["holds", "violated", "undecided", "unexercised"]);

/** A card, or a sentence that says what is wrong with its text. */
export function readCard(name: string, text: string): RecordedCard | string {
  const read = readYaml(text);
  if (read.kind === "malformed") {
    return `${name}: expected YAML (line ${read.line}, column ${read.column}: ${read.says})`;
  }
  const { value } = read;
  if (!isRecord(value)) return `${name}: expected a mapping`;
  for (const key of texts) {
    if (typeof value[key] !== "string") return `${name}: expected text under ${key}`;
  }
  const { verdict, expect, show, skips } = value;
  if (skips !== undefined && typeof skips !== "string") return `${name}: expected text under skips`;
  if (verdict !== "holds" && verdict !== "violated" && verdict !== "undecided") {
    return `${name}: expected holds, violated or undecided under verdict`;
  }
  if (!isRecord(expect)) return `${name}: expected a mapping under expect`;
  const expected = new Map<string, Verdict>();
  for (const [id, each] of Object.entries(expect)) {
    if (!isVerdict(each)) return `${name}: expected a verdict for ${id}`;
    expected.set(id, each);
  }
  const textOf = (key: typeof texts[number]): string => String(value[key]).trim();
  return {
    name,
    trace: textOf("trace"),
    kernel: textOf("kernel"),
    filesystem: textOf("filesystem"),
    workload: textOf("workload"),
    recorded: textOf("recorded"),
    skips,
    learn: textOf("learn"),
    show: show === true,
    verdict,
    expect: expected,
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isVerdict(value: unknown): value is Verdict {
  return typeof value === "string" && verdicts.has(value);
}

/** Where the bundled recordings lie. */
export const recordedFolder = fileURLToPath(new URL("vectors/recorded", root));

/** All cards of a folder by name, or what is wrong with the first bad one. */
export async function readCards(folder: string): Promise<readonly RecordedCard[] | string> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    if (name.endsWith(".card.yaml")) names.push(name);
  }
  const cards: RecordedCard[] = [];
  for (const name of names.sort()) {
    const text = await Deno.readTextFile(`${folder}/${name}`);
    const card = readCard(name.replace(/\.card\.yaml$/, ""), text);
    if (typeof card === "string") return card;
    cards.push(card);
  }
  return cards;
}
