/**
 * What the checker believed before and after one line of a trace: every state that fitted, of each page
 * and mapping that the line has to do with.
 *
 * @module
 */
import type { CandidateSet } from "../../../model/check/candidate_set.ts";
import { fileKey } from "../../../model/check/observation.ts";
import type { Check, SmallWorld } from "../../../model/check/subject.ts";
import type { Onlooker } from "../../kernel/check_trace.ts";
import { recordText } from "../../kernel/record_text.ts";
import { ofEntry, ofMapping, statesOf } from "./fitting_states.ts";

/** Pages and mappings that are told of one by one. */
const mostTold = 12;

/** Looks at one line as it is checked. */
interface Belief {
  readonly onlooker: Onlooker;
  /** What was found, as text. */
  readonly text: () => string;
}

/** What a look at a line has found so far. */
interface Found {
  /** The line itself; undefined as long as it has not come. */
  line: string | undefined;
  readonly before: Map<SmallWorld, CandidateSet>;
  /** What the line was taken for: the observation, and its file and page. */
  readonly observed: { readonly kind: string; readonly file: string; readonly pgoff: number }[];
  told: string | undefined;
}

/** Nothing was seen of this line yet. */
export function beliefAt(line: number): Belief {
  const found: Found = { line: undefined, before: new Map(), observed: [], told: undefined };
  const settle = (check: Check): void => {
    if (found.line !== undefined) found.told ??= tell(found, check);
  };
  return {
    onlooker: {
      record(check, record) {
        if (record.line > line) settle(check);
        if (record.line !== line) return;
        found.line = recordText(record);
        for (const world of worldsOf(check)) found.before.set(world, world.set);
      },
      observed(_, seen) {
        if (found.line === undefined || found.told !== undefined || seen.kind === "gap") return;
        if (seen.kind === "alive" || seen.where.line !== line) return;
        const file = "file" in seen && seen.file !== undefined ? fileKey(seen.file) : "";
        found.observed.push({ kind: seen.kind, file, pgoff: "pgoff" in seen ? seen.pgoff : -1 });
      },
      end: settle,
    },
    text: () => found.told ?? `line ${line} holds no event of this trace\n`,
  };
}

function* worldsOf({ files }: Check): Generator<SmallWorld> {
  for (const { pages } of files.values()) {
    for (const { worlds } of pages.values()) yield* worlds;
  }
}

function tell({ line, before, observed }: Found, check: Check): string {
  const kinds = [...new Set(observed.map(({ kind }) => kind.replaceAll("_", " ")))];
  const lines = [
    line ?? "",
    kinds.length === 0 ? "  it says nothing of a DAX file" : `  taken for: ${kinds.join(", ")}`,
  ];
  const worlds = [...worldsOf(check)].filter((world) =>
    world.set !== before.get(world) ||
    observed.some(({ file, pgoff }) => file === fileKey(world.file.id) && pgoff === world.pgoff)
  );
  for (const world of worlds.slice(0, mostTold)) {
    const { file: { id }, pgoff, mapping } = world;
    const what = mapping === undefined ? "entry" : `mapping at 0x${addressOf(mapping)}`;
    lines.push(`  ${id.dev} inode ${id.ino}, page 0x${pgoff.toString(16)}, ${what}`);
    const [old, now] = [before.get(world), world.set];
    if (old === now) lines.push("    before and after:", ...statesText(world, now));
    else {
      lines.push("    before:", ...old === undefined ? ["      nothing was known of it"] : []);
      if (old !== undefined) lines.push(...statesText(world, old));
      lines.push("    after:", ...statesText(world, now));
    }
  }
  const more = worlds.length - mostTold;
  if (more > 0) lines.push(`  and ${more} other pages and mappings`);
  return `${lines.join("\n")}\n`;
}

function addressOf(mapping: string): string {
  return Number.parseInt(mapping, 10).toString(16);
}

/** States that are told of one by one. */
const mostStates = 8;

/** Every state that fits, one a line: `block mapped, entry PTE, DIRTY set, PTE writable`. */
function statesText({ watch }: SmallWorld, set: CandidateSet): readonly string[] {
  const readers = watch === "entry" ? ofEntry : [...ofEntry, ...ofMapping];
  const states = statesOf(set, readers).map(({ values, ifOnly }) => {
    const parts = values.map((value, at) => {
      const { field, name = "" } = readers[at] ?? {};
      return `${field === "pte" ? "its PTE" : name} ${value}`;
    });
    return `      ${parts.join(", ")}${ifOnly === undefined ? "" : `; ${ifOnly}`}`;
  });
  const more = states.length - mostStates;
  return more > 0
    ? [...states.slice(0, mostStates), `      or one of ${more} other states`]
    : states;
}
