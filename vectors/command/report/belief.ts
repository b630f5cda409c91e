/**
 * What the checker believed before and after one line of a trace: every state that fitted, of each page,
 * folio and mapping that the line has to do with.
 *
 * @module
 */
import type { CandidateSet } from "../../../model/check/candidate_set.ts";
import { fileKey } from "../../../model/check/observation.ts";
import type { Check, SmallWorld } from "../../../model/check/subject.ts";
import { isOfDax, type RecordingUnderCheck } from "../../../model/check/recording.ts";
import type { Onlooker } from "../../kernel/check_trace.ts";
import { recordText } from "../../kernel/record_text.ts";
import {
  type Beliefs,
  folioBeliefs,
  foliosSeen,
  type FoliosUnderWay,
  foliosUnderWay,
} from "./folio_belief.ts";
import { ofEntry, ofMapping, statesOf } from "./fitting_states.ts";

/** Pages and mappings that are told of one by one. */
const mostTold = 12;

/** Looks at one line as it is checked. */
interface Belief {
  readonly onlooker: Onlooker;
  /** What was found, as text; undefined if the line holds no event. */
  readonly text: () => string | undefined;
}

/** What a look at a line has found so far. */
interface Found {
  /** The line itself; undefined as long as it has not come. */
  line: string | undefined;
  readonly before: Map<SmallWorld, CandidateSet>;
  /** Folios and descriptors before the line, what was under way, and the folios that it has to do with. */
  foliosBefore: Beliefs;
  underWay: FoliosUnderWay;
  readonly folios: Set<string>;
  /** What the line was taken for in the page cache. */
  readonly kinds: Set<string>;
  /** What the line was taken for: the observation, and its file and page. */
  readonly observed: { readonly kind: string; readonly file: string; readonly pgoff: number }[];
  told: string | undefined;
}

/** Nothing was seen of this line yet. */
export function beliefAt(line: number): Belief {
  const found: Found = {
    line: undefined,
    before: new Map(),
    foliosBefore: new Map(),
    underWay: new Map(),
    folios: new Set(),
    kinds: new Set(),
    observed: [],
    told: undefined,
  };
  const settle = (check: RecordingUnderCheck): void => {
    if (found.line !== undefined) found.told ??= tell(found, check);
  };
  return {
    onlooker: {
      record(check, record) {
        if (record.line > line) settle(check);
        if (record.line !== line) return;
        found.line = recordText(record);
        for (const world of worldsOf(check.dax)) found.before.set(world, world.set);
        found.foliosBefore = folioBeliefs(check.pageCache);
        found.underWay = foliosUnderWay(check.pageCache);
      },
      observed(_, seen) {
        if (found.line === undefined || found.told !== undefined || seen.kind === "alive") return;
        if (!("where" in seen) || seen.where.line !== line) return;
        if (!isOfDax(seen)) {
          found.kinds.add(seen.kind);
          for (const folio of foliosSeen(seen, found.underWay)) found.folios.add(folio);
          return;
        }
        const file = "file" in seen && seen.file !== undefined ? fileKey(seen.file) : "";
        found.observed.push({ kind: seen.kind, file, pgoff: "pgoff" in seen ? seen.pgoff : -1 });
      },
      end: settle,
    },
    text: () => found.told,
  };
}

function* worldsOf({ files }: Check): Generator<SmallWorld> {
  for (const { pages } of files.values()) {
    for (const { worlds } of pages.values()) yield* worlds;
  }
}

function tell(found: Found, { dax, pageCache }: RecordingUnderCheck): string {
  const { line, before, observed } = found;
  const kinds = [...new Set([...observed.map(({ kind }) => kind), ...found.kinds])]
    .map((kind) => kind.replaceAll("_", " "));
  const lines = [
    line ?? "",
    kinds.length === 0 ? "  it says nothing of a file" : `  taken for: ${kinds.join(", ")}`,
  ];
  const worlds = [...worldsOf(dax)].filter((world) =>
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
  const folios = foliosText(found, folioBeliefs(pageCache));
  lines.push(...folios.slice(0, mostTold).flat());
  const more = Math.max(0, worlds.length - mostTold) + Math.max(0, folios.length - mostTold);
  if (more > 0) lines.push(`  and ${more} other pages and mappings`);
  return `${lines.join("\n")}\n`;
}

/** Folios and descriptors that the line has changed, or names: the lines of each. */
function foliosText(
  { foliosBefore, folios }: Found,
  now: Beliefs,
): readonly (readonly string[])[] {
  const texts: (readonly string[])[] = [];
  for (const name of new Set([...foliosBefore.keys(), ...now.keys()])) {
    const [old, next] = [foliosBefore.get(name), now.get(name)];
    const isSame = old?.join("\n") === next?.join("\n");
    if (isSame && !folios.has(name)) continue;
    const say = (states: readonly string[] | undefined) =>
      (states ?? ["nothing was known of it"]).map((state) => `      ${state}`);
    texts.push(
      isSame
        ? [`  ${name}`, "    before and after:", ...say(next)]
        : [`  ${name}`, "    before:", ...say(old), "    after:", ...say(next)],
    );
  }
  return texts;
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
      return `${field === "pte" ? "page table:" : name} ${value}`;
    });
    return `      ${parts.join(", ")}${ifOnly === undefined ? "" : `; ${ifOnly}`}`;
  });
  const more = states.length - mostStates;
  return more > 0
    ? [...states.slice(0, mostStates), `      or one of ${more} other states`]
    : states;
}
