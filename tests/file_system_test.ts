import { assert, assertEquals, assertMatch } from "@std/assert";
import { drive, driverOf, isRoot, run, withFolder } from "./driven_folder.ts";
import { elsewhere, isX86Linux } from "./platform.ts";

const few = ["--only", "COH-6/", "--only", "DAX-SIZE-1/load", "--only", "INV-4/read-beside"];

Deno.test({
  name: `the file system of temporary files shows nothing forbidden${elsewhere}`,
  ignore: !isX86Linux,
  fn: async () => {
    await withFolder(async (folder) => {
      const { status, report } = await drive(folder, { conform: [...few, "--trials", "50"] });
      const { footer, header, results } = report;
      assertEquals([status, footer.failed, footer.errored], [0, 0, 0], JSON.stringify(results));
      assertMatch(header.implementation.version, /^Linux \d+\.\d+/);
      assert((footer.passed ?? 0) >= 5);
      assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
    });
  },
});

Deno.test({
  name: `a process that SIGBUS kills is an observation and not an end${elsewhere}`,
  ignore: !isX86Linux,
  fn: async () => {
    await withFolder(async (folder) => {
      const only = ["--only", "DAX-SIZE-1/load-beside-truncation", "--trials", "10"];
      const { status, report } = await drive(folder, { conform: only, drive: ["--seconds", "30"] });
      assertEquals(status, 0);
      const [result] = report.results;
      let trials = 0;
      for (const { kind, text, count } of result?.observed ?? []) {
        assertEquals(kind, "allowed");
        assertMatch(text, /SIGBUS/);
        trials += count;
      }
      assertEquals(trials, 10);
    });
  },
});

Deno.test("a folder that is not there is one line on standard error and status 2", async () => {
  const [deno = "", ...args] = driverOf("/no/such");
  const { status, out, err } = await run(deno, ...args);
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

Deno.test({
  name: `a file system without room is refused: there a store ends in SIGBUS${
    isRoot ? "" : ": only root can mount it"
  }`,
  ignore: !isRoot,
  fn: async () => {
    await withFolder(async (folder) => {
      const size = ["-t", "tmpfs", "-o", "size=32M", "pagespec", folder];
      assertEquals((await run("mount", ...size)).status, 0);
      try {
        const [deno = "", ...args] = driverOf(folder);
        assertEquals(await run(deno, ...args), {
          status: 2,
          out: "",
          err: `pagespec drive: ${folder}: expected 64 MiB of free space\n`,
        });
        assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
      } finally {
        await run("umount", folder);
      }
    });
  },
});

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
          const { status, report } = await drive(point, { conform: [...known, "--trials", "60"] });
          const bad = report.results.filter(({ verdict }) =>
            !["passed", "skipped", "known"].includes(verdict)
          );
          assertEquals([status, bad], [0, []]);
          assertEquals(report.header.implementation.name, type);
          assert((report.footer.passed ?? 0) >= 35, `${report.footer.passed} passed`);
        } finally {
          await run("umount", point);
        }
      });
    },
  });
}
