/**
 * `spec/traces.md` says what the translation does.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { invariants } from "../model/invariants/catalogue.ts";
import { alternativesOf } from "../model/line_class.ts";
import { pageCacheIds } from "../model/check/page_cache/ids.ts";
import type { Table } from "../spec/blocks.ts";
import { readChapters } from "../spec/chapters.ts";
import { daxRows, isProbed, rows } from "../vectors/kernel/rows.ts";
import { namesOf } from "../vectors/kernel/rows/row.ts";
import { judgeRecorded } from "./recorded.ts";
import { shownClasses } from "../vectors/kernel/line_classes.ts";
import { readCards, recordedFolder } from "../vectors/kernel/recorded_card.ts";

const chapters = await readChapters();
const chapter = chapters.find(({ file }) => file === "spec/traces.md");
assert(chapter !== undefined);

/** The table whose first columns are these. */
function tableOf(...header: readonly string[]): Table {
  const found = chapter?.blocks.find((block): block is Table =>
    block.kind === "table" && header.every((name, at) => block.header[at] === name)
  );
  assert(found !== undefined, `no table ${header.join(" | ")}`);
  return found;
}

const unquoted = (cell: string): string => cell.replaceAll("`", "");

Deno.test("a tracepoint is one row, and so is each end of a probed function", () => {
  const names = rows.map(({ source }) => source);
  assertEquals(names.filter((name, at) => names.indexOf(name) < at), []);
});

/** Commands of the chapter: what a user copies. */
const commands = chapter.blocks
  .flatMap((block) => block.kind === "fence" && block.language === "sh" ? [block.body] : [])
  .join("\n");

/** Names that a loop of the commands runs through, as the line in its body spells them. */
function enabled(group: string): readonly string[] {
  const names: string[] = [];
  for (
    const [, variable, list = "", body = ""] of commands.matchAll(
      /^for (\w+) in ([^;]+); do\n([^]*?)^done$/gm,
    )
  ) {
    for (
      const [, name = ""] of body.matchAll(new RegExp(`events/${group}/([\\w$]+)/enable`, "g"))
    ) {
      names.push(
        ...list.replaceAll("\\", "").split(/\s+/).map((word) => name.replace(`$${variable}`, word)),
      );
    }
  }
  for (const [, name = ""] of commands.matchAll(new RegExp(`events/${group}/(\\w+)/enable`, "g"))) {
    names.push(name);
  }
  return names;
}

Deno.test("the recipe enables every tracepoint that is translated, and no other", () => {
  assert(commands.includes("echo 1 > events/fs_dax/enable"));
  const wanted = daxRows.filter((row) => !isProbed(row)).map(({ source }) => source)
    .filter((name) => !name.startsWith("dax_"));
  const named = ["ext4", "xfs", "iomap", "exceptions"].flatMap(enabled);
  assertEquals(named.toSorted(), wanted.toSorted());
});

Deno.test("the recipe enables entry and exit of every system call of the chapter", () => {
  const calls = tableOf("call", "arguments", "taken for").rows
    .flatMap(({ cells: [names = ""] }) => unquoted(names).split(", "));
  assertEquals(
    enabled("syscalls").toSorted(),
    ["enter", "exit"].flatMap((end) => calls.map((call) => `sys_${end}_${call}`)).toSorted(),
  );
});

Deno.test("the recipe's probes have the functions and arguments of the chapter's table", () => {
  const definitions = [...commands.matchAll(/p:\w+ (\w+) (.*)'/g)];
  assert(definitions.length > 0);
  for (const [, name, definition = ""] of definitions) {
    const row = daxRows.find(({ source }) => source === `${name}()`);
    assert(row !== undefined, name);
    for (const argument of namesOf(row)) {
      assert(definition.includes(`${argument}=`), `${name} ${argument}`);
    }
  }
});

/** Classes of lines by name: true for those that a recording can hold and the checker reads. */
const classes = new Map(
  tableOf("class", "lines", "recorded").rows.map(({ cells }) => {
    const [name = "", , recorded = ""] = cells.map(unquoted);
    return [name, !/^(?:never|not read\b)/.test(recorded)];
  }),
);

Deno.test("every class that is read has a line from which it counts as recorded", () => {
  const counted = tableOf("class", "counts as recorded from").rows
    .map(({ cells: [name = ""] }) => unquoted(name));
  assertEquals(counted, [...classes].filter(([, read]) => read).map(([name]) => name));
});

Deno.test("what says when an invariant is broken says when it is kept", () => {
  const ids = (column: string): readonly string[] =>
    tableOf("invariant", column).rows.map(({ cells: [id = ""] }) => id);
  assertEquals(ids("kept, if"), ids("broken, if"));
});

/** Alternatives of one need: `stores or visits`. */
const alternatives = (need: string): readonly string[] => need.split(" or ");

Deno.test("what an invariant needs is a class of lines that the chapter lists", () => {
  const unknown = chapters.flatMap(({ invariants }) =>
    invariants.flatMap(({ id, needs }) =>
      needs.flatMap(alternatives).filter((name) => !classes.has(name)).map((name) => [id, name])
    )
  );
  assertEquals(unknown, []);
  const used = new Set(
    chapters.flatMap(({ invariants }) => invariants.flatMap(({ needs }) => needs))
      .flatMap(alternatives),
  );
  assertEquals([...classes.keys()].filter((name) => !used.has(name)), []);
});

Deno.test("a class is said to be read exactly if the tables of the translation have lines of it", () => {
  const read = [...classes].filter(([, isRead]) => isRead).map(([name]) => name);
  assertEquals<readonly string[]>(read.toSorted(), [...shownClasses].toSorted());
});

Deno.test("an invariant's code needs what its card needs", () => {
  const cards = new Map(
    chapters.flatMap(({ invariants }) => invariants.map(({ id, needs }) => [id, needs] as const)),
  );
  for (const { id, needs } of invariants) {
    assertEquals(
      needs.map((need) => alternativesOf(need).join(" or ")),
      [...cards.get(id) ?? []],
      id,
    );
  }
});

Deno.test("an invariant needs something, and rests on some source", () => {
  for (const { file, invariants } of chapters) {
    for (const { id, line, needs, sources } of invariants) {
      assert(needs.length > 0 && sources.length > 0, `${file}:${line}: ${id}`);
    }
  }
});

/** What the model judges of an invariant; a recording shows nothing of a whole file. */
const judged = new Map(invariants.map(({ id, about }) => [id, about]));

Deno.test("the table of what decides has an invariant's row exactly if lines can show it", () => {
  const decided = tableOf("invariant", "broken, if").rows
    .map(({ cells: [id = ""] }) => id);
  const showable = chapters.flatMap(({ invariants }) =>
    invariants.filter(({ id, needs }) =>
      judged.get(id) !== "file" &&
      needs.every((need) => alternatives(need).some((name) => classes.get(name)))
    )
  );
  assertEquals(decided.toSorted(), showable.map(({ id }) => id).toSorted());
});

Deno.test("no bundled recording exercises an invariant that no line can show", async () => {
  const decided = new Set<string>([
    ...tableOf("invariant", "broken, if").rows.map(({ cells: [id = ""] }) => id),
    ...pageCacheIds,
  ]);
  const cards = await readCards(recordedFolder);
  assert(typeof cards !== "string", String(cards));
  const exercised = new Set<string>();
  for (const { name } of cards) {
    const { result } = await judgeRecorded(name);
    for (const { id, verdict } of result.invariants) {
      if (verdict !== "unexercised") exercised.add(id);
    }
  }
  assertEquals([...exercised].filter((id) => !decided.has(id)), []);
  assert(exercised.has("DAX-CLEAN-2"));
});
