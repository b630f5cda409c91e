/**
 * `pagespec check` as its users meet it: exit statuses, one clear line for bad input.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { type CommandOutcome, pagespec, pagespecAlone } from "./command_line.ts";
import { loadsLazily } from "./loads_lazily.ts";

const root = new URL("..", import.meta.url).pathname;
const recorded = `${root}/vectors/recorded`;

/** Runs the verb; `input` goes to its standard input. */
function check(args: readonly string[], input?: string): Promise<CommandOutcome> {
  return pagespec(["check", ...args], input);
}

async function text(name: string): Promise<readonly string[]> {
  return (await Deno.readTextFile(`${recorded}/${name}`)).split("\n");
}

Deno.test("with no file, check judges every bundled recording and is content", async () => {
  const { status, out, err } = await check([]);
  assertEquals([status, err], [0, ""]);
  assert(out.includes("5.10-mkclean-ext4"));
  assert(out.includes("<-- DAX-CLEAN-2"));
  assert(!out.includes("NO\n"));
  assert(out.endsWith("so the exit status is 0, violations included\n"));
});

Deno.test("a file that cannot be read is an error entry in every report for machines", async () => {
  const files = ["/no/such/file", `${recorded}/6.12-mkclean-ext4.trace.txt`];
  const json = await check(["--format", "json", ...files]);
  assertEquals(json.status, 2);
  const { traces, unreadable: [unread] } = JSON.parse(json.out);
  assertEquals([traces.length, unread.path, unread.found], [1, "/no/such/file", "no such file"]);
  const junit = await check(["--format", "junit", ...files]);
  assert(/<testcase name="read" classname="\/no\/such\/file" time="0.000"><error /.test(junit.out));
  const ktap = await check(["--format", "ktap", ...files]);
  assert(/ {2}not ok 1 read # undecided: \/no\/such\/file: no such file/.test(ktap.out));
  assert(/^not ok 2 \/no\/such\/file$/m.test(ktap.out));
});

Deno.test("lines that run backwards in time are reported as such", async () => {
  const lines = [...await text("6.12-punch-xfs.trace.txt")];
  const [first = 0, second = 0] = lines.flatMap((line, at) => line.includes("dax_") ? [at] : []);
  [lines[first], lines[second]] = [lines[second] ?? "", lines[first] ?? ""];
  const { status, out } = await check(["-"], lines.join("\n"));
  assertEquals(status, 2);
  const said = out.replace(/\s+/g, " ");
  assert(/note: line \d+ is earlier than one before it/.test(said), out);
});

Deno.test("a trace with nothing to judge says what it has, and how to record more", async () => {
  const line = (at: number): string =>
    `     kworker/0-12    [000] d....   10.00000${at}: sched_switch: prev_comm=kworker/0`;
  const { status, err } = await check(["-"], `# tracer: nop\n#\n${line(1)}\n${line(2)}\n`);
  assertEquals(status, 2);
  assert(
    err.endsWith(
      "nothing in this trace exercises an invariant: it has 2 sched_switch; " +
        "`pagespec plan` prints what to record\n",
    ),
    err,
  );
});

Deno.test("a trace with nothing to judge says which file system was recorded, as the program may have used another", async () => {
  const mount = "# pagespec: mount: 254:0 /mnt/pagespec xfs rw";
  const { err } = await check(["-"], `# tracer: nop\n#\n${mount}\n`);
  assert(
    err.includes("; of files, only those of the file system at /mnt/pagespec were recorded; "),
    err,
  );
});

Deno.test("a trace that breaks an invariant gives status 1", async () => {
  const { status, out } = await check([`${recorded}/5.10-mkclean-ext4.trace.txt`]);
  assertEquals(status, 1);
  assert(out.includes("violated"));
});

Deno.test("a trace that keeps all it exercises gives status 0", async () => {
  const { status, err } = await check([`${recorded}/6.12-mkclean-ext4.trace.txt`]);
  assertEquals([status, err], [0, ""]);
});

Deno.test({
  name: "a live trace that is interrupted is judged as far as it came",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const child = new Deno.Command("deno", {
      args: ["run", loadsLazily, "--allow-read", "cli.ts", "check", "-"],
      cwd: root,
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const writer = child.stdin.getWriter();
    const lines = await text("5.10-mkclean-ext4.trace.txt");
    // More than a pipe holds: once it is written, somebody reads.
    const comments = "#\n".repeat(150_000);
    await writer.write(new TextEncoder().encode(`${lines.join("\n")}${comments}`));
    child.kill("SIGINT");
    const { code, stdout } = await child.output();
    assertEquals(code, 1);
    assert(new TextDecoder().decode(stdout).includes("<-- DAX-CLEAN-2"));
    await writer.abort().catch(() => {});
  },
});

Deno.test("a trace on standard input is judged alike", async () => {
  const lines = await text("5.10-mkclean-ext4.trace.txt");
  const alone = await pagespecAlone(["--allow-read"], ["check", "-"], lines.join("\n"));
  assertEquals([alone.status, alone.err], [1, ""]);
  assertEquals(await check(["-"], lines.join("\n")), alone);
});

for (
  const [what, args, expected] of [
    ["a missing file", ["/no/such/file"], "no such file"],
    ["a directory", ["/"], "a directory"],
    ["an empty file", ["/dev/null"], "an empty file"],
    ["a file that is no trace", [`${root}/deno.json`], "no event in the first 64 KiB"],
    ["an unknown option", ["--colour"], "--colour"],
    ["an unknown format", ["--format", "xml"], "expected --format"],
    ["a kernel that is no version", ["--kernel", "new"], "expected --kernel"],
  ] as const
) {
  Deno.test(`${what} gets one clear line and status 2`, async () => {
    const { status, out, err } = await check(args);
    assertEquals([status, out], [2, ""]);
    assertEquals(err.trimEnd().split("\n").length, 1, err);
    assert(err.startsWith("pagespec check: ") && err.includes(expected), err);
  });
}

Deno.test("zeros without end are refused after the first block", async () => {
  const { status, err } = await check(["/dev/zero"]);
  assertEquals(status, 2);
  assert(err.includes("byte 0"), err);
});

Deno.test("a malformed line in the middle is named, and what it could hide is undecided", async () => {
  const lines = [...await text("6.12-mkclean-ext4.trace.txt")];
  lines[200] = "this was once an event";
  const { status, out, err } = await check(["-"], lines.join("\n"));
  assertEquals(status, 2);
  assert(out.includes("line 201 cannot be read"), out);
  assert(err.includes("line 201"), err);
});

Deno.test("a malformed line does not take back a breach before it", async () => {
  const lines = [...await text("5.10-mkclean-ext4.trace.txt")];
  lines[260] = "this was once an event";
  assertEquals((await check(["-"], lines.join("\n"))).status, 1);
});

Deno.test("one bad file does not keep the others from being judged", async () => {
  const good = `${recorded}/6.12-mkclean-ext4.trace.txt`;
  const { status, out, err } = await check(["/no/such/file", good]);
  assertEquals(status, 2);
  assert(out.includes("6.12-mkclean-ext4.trace.txt: holds"));
  assert(err.includes("no such file"));
});
