import { assert, assertEquals, assertMatch } from "@std/assert";
import { isX86Linux } from "./platform.ts";

const root = new URL("../", import.meta.url);

interface Outcome {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

async function run(program: string, ...args: readonly string[]): Promise<Outcome> {
  try {
    const command = new Deno.Command(program, { args: [...args], cwd: root, stdin: "null" });
    const { code, stdout, stderr } = await command.output();
    const text = new TextDecoder();
    return { status: code, out: text.decode(stdout), err: text.decode(stderr) };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      return { status: 127, out: "", err: `no ${program}` };
    }
    throw error;
  }
}

/** Runs vectors against the file system at a folder; returns the report. */
async function drive(
  folder: string,
  options: readonly string[],
  driving: readonly string[] = [],
) {
  const permissions = ["--allow-ffi", "--allow-read", "--allow-write", "--allow-run"];
  const driver = ["deno", "run", "--no-prompt", ...permissions, "cli.ts", "drive", "--dir", folder];
  const conform = ["run", "--no-prompt", "--allow-read", "--allow-run", "cli.ts", "conform"];
  const { status, out, err } = await run(
    "deno",
    ...conform,
    "--format",
    "json",
    ...options,
    "--",
    ...driver,
    ...driving,
  );
  assert(out.startsWith("{"), err);
  return { status, report: JSON.parse(out) };
}

/** A folder that is gone afterwards. */
async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await Deno.makeTempDir({ prefix: "pagespec-test-" });
  try {
    return await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const few = ["--only", "COH-6/", "--only", "DAX-SIZE-1/load", "--only", "INV-4/read-beside"];
const quick = ["--seconds", "0.3"];

Deno.test({
  name: "the file system of temporary files shows nothing forbidden",
  ignore: !isX86Linux,
  fn: async () => {
    await withFolder(async (folder) => {
      const { status, report } = await drive(folder, [...few, "--trials", "50"], quick);
      const { footer, header, results } = report;
      assertEquals([status, footer.failed, footer.errored], [0, 0, 0], JSON.stringify(results));
      assertMatch(header.implementation.version, /^Linux \d+\.\d+/);
      assert(footer.passed >= 5);
      assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
    });
  },
});

Deno.test({
  name: "a process that SIGBUS kills is an observation and not an end",
  ignore: !isX86Linux,
  fn: async () => {
    await withFolder(async (folder) => {
      const only = ["--only", "DAX-SIZE-1/load-beside-truncation", "--trials", "10"];
      const { status, report } = await drive(folder, only, ["--seconds", "5"]);
      assertEquals(status, 0);
      const [{ observed }] = report.results;
      let trials = 0;
      for (const { kind, text, count } of observed) {
        assertEquals(kind, "allowed");
        assertMatch(text, /SIGBUS/);
        trials += count;
      }
      assertEquals(trials, 10);
    });
  },
});

const compiler = isX86Linux && (await run("gcc", "--version")).status === 0;

Deno.test({
  name: `a library that reads from a stale cache is caught${compiler ? "" : ": no gcc here"}`,
  ignore: !compiler,
  fn: async () => {
    await withFolder(async (folder) => {
      const library = `${folder}/stale_reads.so`;
      const flags = ["-Wall", "-Werror", "-O1", "-shared", "-fPIC"];
      const compiled = await run("gcc", ...flags, "-o", library, "tests/stale_reads.c", "-ldl");
      assertEquals([compiled.status, compiled.err], [0, ""]);
      const cut = "INV-4/cut-at-a-page-and-grown-again";
      const only = ["--only", cut, "--only", "COH-6/", "--trials", "50"];
      const { status, report } = await drive(folder, only, [...quick, "--library", library]);
      assertEquals(status, 1);
      const failed = report.results.filter(({ verdict }: { verdict: string }) =>
        verdict === "failed"
      );
      const handles = failed.map(({ handle }: { handle: string }) => handle);
      assertEquals(handles, [cut]);
      assertEquals(failed[0].invariants, ["INV-4"]);
    });
  },
});

Deno.test("a folder that is not there is one line on standard error and status 2", async () => {
  const permissions = ["--allow-ffi", "--allow-read", "--allow-write", "--allow-run"];
  const args = ["run", "--no-prompt", ...permissions, "cli.ts", "drive", "--dir", "/no/such"];
  const { status, out, err } = await run("deno", ...args);
  assertEquals([status, out], [2, ""]);
  assertMatch(err, /^pagespec drive: .*\n$/);
});

/** File systems that are made on a loop device, and what is known of them. */
const media = [
  { type: "ext4", options: ["-q", "-F"], known: [] },
  { type: "ext4", options: ["-q", "-F", "-b", "1024"], known: [] },
  { type: "xfs", options: ["-q", "-f"], known: [] },
  { type: "btrfs", options: ["-q", "-f"], known: [] },
  { type: "tmpfs", options: [], known: ["--known", "vectors/known/tmpfs.txt"] },
] as const;

const isRoot = isX86Linux && (await run("id", "-u")).out.trim() === "0";

/** Mounts a new file system; a sentence if that is not possible here. */
async function mount(type: string, options: readonly string[], folder: string) {
  const point = `${folder}/mounted`;
  const image = `${folder}/image`;
  await Deno.mkdir(point);
  if (type === "tmpfs") {
    return { point, failed: await run("mount", "-t", "tmpfs", "pagespec", point) };
  }
  await Deno.writeTextFile(image, "");
  await Deno.truncate(image, 512 << 20);
  const made = await run(`mkfs.${type}`, ...options, image);
  if (made.status !== 0) return { point, failed: made };
  return { point, failed: await run("mount", "-o", "loop", image, point) };
}

for (const { type, options, known } of media) {
  const name = [type, ...options.filter((each) => !["-q", "-F", "-f"].includes(each))].join(" ");
  const missing = !isRoot
    ? "only root can mount it"
    : type !== "tmpfs" && (await run(`mkfs.${type}`, "-V")).status === 127
    ? `no mkfs.${type} here`
    : undefined;
  Deno.test({
    name: `${name} on this kernel shows nothing forbidden that is not known${
      missing === undefined ? "" : `: ${missing}`
    }`,
    ignore: missing !== undefined,
    fn: async () => {
      await withFolder(async (folder) => {
        const { point, failed } = await mount(type, options, folder);
        assertEquals(failed.status, 0, failed.err);
        try {
          const { status, report } = await drive(point, [...known, "--trials", "60"], quick);
          const bad = report.results.filter(({ verdict }: { verdict: string }) =>
            !["passed", "skipped", "known"].includes(verdict)
          );
          assertEquals([status, bad], [0, []]);
          assertEquals(report.header.implementation.name, type);
          assert(report.footer.passed >= 35, `${report.footer.passed} passed`);
        } finally {
          await run("umount", point);
        }
      });
    },
  });
}
