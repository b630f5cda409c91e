import { assert, assertEquals, assertMatch } from "@std/assert";
import { drive, type Driving, hasCompiler, isRoot, run, withFolder } from "./driven_folder.ts";

const missingCompiler = hasCompiler ? undefined : "no gcc on x86-64 Linux here";

/** Compiles a program or library, or fails. */
async function compile(source: string, target: string, more: readonly string[]): Promise<void> {
  const flags = ["-Wall", "-Wextra", "-Werror", "-O1"];
  const { status, err } = await run("gcc", ...flags, "-o", target, source, ...more);
  assertEquals([status, err], [0, ""]);
}

const cut = "INV-4/cut-at-a-page-and-grown-again";

/** Ways to put a library before the C library. */
const ways: readonly (readonly [name: string, driving: (library: string) => Driving])[] = [
  ["--library", (library) => ({ drive: ["--seconds", "0.3", "--library", library] })],
  ["LD_PRELOAD", (library) => ({ environment: [`LD_PRELOAD=${library}`] })],
];

for (const [name, driving] of ways) {
  Deno.test({
    name: `a library that reads from a stale cache is caught behind ${name}${
      missingCompiler === undefined ? "" : `: ${missingCompiler}`
    }`,
    ignore: missingCompiler !== undefined,
    fn: async () => {
      await withFolder(async (folder) => {
        const library = `${folder}/stale_reads.so`;
        await compile("tests/stale_reads.c", library, ["-shared", "-fPIC", "-ldl"]);
        const conform = ["--only", cut, "--only", "COH-6/", "--trials", "50"];
        const { status, report } = await drive(folder, { ...driving(library), conform });
        assertEquals(status, 1);
        const failed = report.results.filter(({ verdict }) => verdict === "failed");
        assertEquals(failed.map(({ handle }) => handle), [cut]);
        assertEquals(failed[0]?.invariants, ["INV-4"]);
      });
    },
  });
}

const fuseFlags = (await run("pkg-config", "--cflags", "--libs", "fuse3")).out.trim().split(/\s+/);

/** Why no FUSE file system can be made here. */
async function missingForFuse(): Promise<string | undefined> {
  if (missingCompiler !== undefined) return missingCompiler;
  if (!isRoot) return "only root can mount it";
  if (fuseFlags.length < 2) return "no libfuse 3 to compile it with";
  return (await run("test", "-c", "/dev/fuse")).status === 0 ? undefined : "no /dev/fuse here";
}

const missing = await missingForFuse();
const because = missing === undefined ? "" : `: ${missing}`;

/** Mounts the FUSE file system with this delay of invalidation, and runs vectors on it. */
async function driveDelayed(milliseconds: number, conform: readonly string[]) {
  return await withFolder(async (folder) => {
    const program = `${folder}/delayed_invalidation`;
    await compile("tests/delayed_invalidation.c", program, fuseFlags);
    const point = `${folder}/mounted`;
    await Deno.mkdir(point);
    await Deno.mkdir(`${folder}/below`);
    const server = new Deno.Command(program, {
      args: [String(milliseconds), `${folder}/below`, point],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    try {
      for (let tries = 0; (await run("mountpoint", "-q", point)).status !== 0; tries++) {
        assert(tries < 50, "it is not mounted after 5 s");
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      return await drive(point, { conform });
    } finally {
      // A process of the driver may still be closing its files.
      if ((await run("umount", point)).status !== 0) await run("umount", "--lazy", point);
      await server.status;
    }
  });
}

/** A direct write and a removal behind a read, by one process: nothing races. */
const caught = [
  ["COH-3/read-behind-a-direct-write", "COH-3"],
  ["INV-4/direct-read-behind-a-punch", "INV-4"],
] as const;
const only = caught.flatMap(([handle]) => ["--only", handle]).concat("--trials", "60");

Deno.test({
  name: `a FUSE file system that invalidates at once shows only what Linux does to all${because}`,
  ignore: missing !== undefined,
  fn: async () => {
    const behind = ["--only", "INV-4/store-behind-the-end", "--only", "INV-4/cut-"];
    const known = ["--known", "vectors/known/fuse.txt"];
    const { status, report } = await driveDelayed(0, [...only, ...behind, ...known]);
    const { passed, known: failedAsKnown } = report.footer;
    assertEquals([status, passed, failedAsKnown], [0, 4, 2], JSON.stringify(report.results));
    assertEquals(report.header.implementation.name, "fuse");
    assertMatch(
      report.header.implementation.details,
      /known failures in vectors\/known\/fuse\.txt$/,
    );
  },
});

Deno.test({
  name: `a FUSE file system that invalidates 100 ms late is caught, and how is named${because}`,
  ignore: missing !== undefined,
  fn: async () => {
    const { status, report } = await driveDelayed(100, only);
    assertEquals(status, 1);
    const failed = report.results.filter(({ verdict }) => verdict === "failed");
    assertEquals(
      failed.map(({ handle, invariants }) => [handle, invariants[0]]),
      caught.map(([handle, invariant]) => [handle, invariant]),
    );
  },
});
