/**
 * `spec/findings.md`: what it names is there, its programs compile, and where a DAX file system is
 * mounted they show what it says.
 */
import { assert, assertEquals } from "@std/assert";
import { designs } from "../model/designs/catalogue.ts";
import { invariants } from "../model/invariants/catalogue.ts";
import { readCards, recordedFolder } from "../vectors/kernel/recorded_card.ts";

const root = new URL("../", import.meta.url);
const text = await Deno.readTextFile(new URL("spec/findings.md", root));

/** A finding: its title, and what is said of it by name. */
interface Finding {
  readonly title: string;
  readonly fields: ReadonlyMap<string, string>;
}

const findings: readonly Finding[] = text.split(/^## /m).slice(1).map((section) => {
  const [title = ""] = section.split("\n");
  const items = section.split(/^- /m).slice(1).map((item) => item.split("\n\n")[0] ?? "");
  const fields = items.flatMap((item) => {
    const [, name, value] = /^([a-z ]+):\s([^]*)$/.exec(item) ?? [];
    return name === undefined || value === undefined
      ? []
      : [[name, value.replaceAll(/\s+/g, " ").trim()] as const];
  });
  return { title, fields: new Map(fields) };
});

const names = [
  "lost",
  "invariants",
  "file systems",
  "kernels",
  "shows on",
  "race",
  "designs",
  "recordings",
  "program",
  "verdict",
  "change",
  "proof",
  "objections",
  "reports",
];

function listed({ fields }: Finding, name: string): readonly string[] {
  const value = fields.get(name) ?? "";
  return value.startsWith("none")
    ? []
    : value.split(/[;,] /).map((each) => each.split(" is ")[0] ?? "");
}

const programs = findings.flatMap((each) => listed(each, "program"));

Deno.test("every finding says what a maintainer asks", () => {
  assert(findings.length > 0);
  for (const { title, fields } of findings) assertEquals([...fields.keys()], names, title);
});

Deno.test("designs of a finding break what it names, and those of its proof break nothing", () => {
  for (const finding of findings) {
    const ids = listed(finding, "invariants");
    for (const id of ids) assert(invariants.some((each) => each.id === id), id);
    for (const id of listed(finding, "designs")) {
      const breaks = designs.find((each) => each.id === id)?.breaks ?? [];
      assert(breaks.some((each) => ids.includes(each)), `${finding.title}: ${id}`);
    }
    for (const id of listed(finding, "proof")) {
      assertEquals(designs.find((each) => each.id === id)?.breaks, [], `${finding.title}: ${id}`);
    }
  }
});

Deno.test("recordings of a finding are bundled and have its verdict, but for a control", async () => {
  const cards = await readCards(recordedFolder);
  assert(typeof cards !== "string");
  for (const finding of findings) {
    const named = listed(finding, "recordings");
    const shownOtherwise = /^none: .*power cuts show it/.test(
      finding.fields.get("recordings") ?? "",
    );
    assert(named.length > 0 || shownOtherwise, finding.title);
    for (const name of named) {
      const card = cards.find(({ trace }) => trace.startsWith(`${name}.`));
      assert(card !== undefined, name);
      const isControl = finding.fields.get("recordings")?.includes(`${name} is the control`);
      const expected = isControl ? "holds" : finding.fields.get("verdict");
      assertEquals(card.verdict, expected, name);
    }
  }
});

const compiler = await firstThatRuns("cc", "gcc", "clang");

Deno.test({
  name: "every program of the findings is under 100 lines and compiles without a warning",
  ignore: compiler === undefined,
  fn: async () => {
    const folder = new URL("spec/findings/", root);
    const present = Array.from(Deno.readDirSync(folder), ({ name }) => name);
    assertEquals(present.filter((name) => name.endsWith(".c")).sort(), [...programs].sort());
    for (const program of programs) {
      const lines = (await Deno.readTextFile(new URL(program, folder))).split("\n").length;
      assert(lines < 100, `${program} has ${lines} lines`);
    }
    const provoked = ["provoke.c", "skipping_calls.c"].map((name) => `../provoked/${name}`);
    const made = [...programs, ...provoked].map(async (program) => {
      const source = new URL(program, folder);
      const args = ["-Wall", "-Wextra", "-Werror", "-Wno-unused-function", "-pthread"];
      const { success, stderr } = await new Deno.Command(compiler ?? "", {
        args: [...args, "-fsyntax-only", source.pathname],
      }).output();
      assert(success, new TextDecoder().decode(stderr));
    });
    await Promise.all(made);
  },
});

const mounted = daxMount();

Deno.test({
  name: "a program of the findings shows its loss on the DAX file system that is mounted",
  ignore: compiler === undefined || mounted === undefined || Deno.uid() !== 0,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    const running = versionOf(Deno.osRelease());
    const expected = { violated: 1, undecided: 2 };
    for (const finding of findings) {
      const [program] = listed(finding, "program");
      const verdict = finding.fields.get("verdict");
      if (program === undefined || !showsOn(finding, running)) continue;
      if (verdict !== "violated" && verdict !== "undecided") continue;
      const binary = `${folder}/finding`;
      const source = new URL(`spec/findings/${program}`, root).pathname;
      const args = ["-O1", "-w", "-pthread", "-o", binary, source];
      assert((await new Deno.Command(compiler ?? "", { args }).output()).success, program);
      const files = program === "shared_page.c" ? ["finding.1", "finding.2"] : ["finding.1"];
      const { code } = await new Deno.Command("deno", {
        args: [
          ...["task", "record", "--dir", mounted ?? "", "--", binary],
          ...files.map((file) => `${mounted}/${file}`),
        ],
        cwd: root.pathname,
      }).output();
      assertEquals(code, expected[verdict], program);
    }
    await Deno.remove(folder, { recursive: true });
  },
});

Deno.test("a finding says on which kernels it shows", () => {
  const [newest = 0, oldest = 0] = [versionOf("7.3.4"), versionOf("5.10.262")];
  for (const finding of findings) {
    assert(showsOn(finding, newest) || showsOn(finding, oldest), finding.title);
  }
});

/** `6.15.3` as a number that is larger for a later kernel; releases of stable kernels are one. */
function versionOf(release: string): number {
  const [, major = "0", minor = "0"] = /^(\d+)\.(\d+)/.exec(release) ?? [];
  return Number(major) * 1000 + Number(minor);
}

/** True if the finding says that it shows on this kernel: `5.10 to 6.14`, `6.15 and later`. */
function showsOn({ title, fields }: Finding, kernel: number): boolean {
  const said = fields.get("shows on") ?? "";
  const [, from, to] = /^(\S+) (?:and later|to (\S+))$/.exec(said) ?? [];
  assert(from !== undefined, `${title}: shows on ${said}`);
  return versionOf(from) <= kernel && (to === undefined || kernel <= versionOf(to));
}

/** The first of these commands that can be started; undefined if none can. */
async function firstThatRuns(...commands: readonly string[]): Promise<string | undefined> {
  for (const command of commands) {
    try {
      await new Deno.Command(command, { args: ["--version"], stdout: "null", stderr: "null" })
        .output();
      return command;
    } catch {
      // It is not installed.
    }
  }
  return undefined;
}

/** Where a file system is mounted with DAX, by /proc/mounts. */
function daxMount(): string | undefined {
  try {
    const lines = Deno.readTextFileSync("/proc/mounts").split("\n").map((line) => line.split(" "));
    return lines.find(([, , , options = ""]) => /\bdax(=always)?\b/.test(options))?.[1];
  } catch {
    return undefined;
  }
}
