/**
 * What surrounds a file system may fail while it is driven: its room, its device. Nobody can say then.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { drive, isRoot, type Report, run, withFolder } from "./driven_folder.ts";

/** Vectors that store into holes, lose what was not written back, or are short of a part. */
const only = [
  "COH-3/load-behind",
  "DAX-HOLE-1/load-beside-store",
  "DAX-ZERO-2/two-stores",
  "DUR-4/load-beside-a-write-behind-the-end",
  "INV-4/cut-",
  "RO-1/",
].flatMap((part) => ["--only", part]);

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Runs vectors on a mounted file system, and fills a folder while they run. */
async function whileFilling(point: string, filled: string): Promise<readonly [number, Report]> {
  const conform = [...only, "--trials", "20000"];
  const running = drive(point, { conform, drive: ["--seconds", "0.7"] });
  // The driver has begun when its folder is there, however long that takes.
  for (let tries = 0; tries < 200; tries++) {
    const names = Array.from(Deno.readDirSync(point), ({ name }) => name);
    if (names.some((name) => name.startsWith("pagespec-"))) break;
    await pause(100);
  }
  await pause(700);
  await run("dd", "if=/dev/zero", `of=${filled}/fill`, "bs=64k", "status=none");
  const { status, report } = await running;
  return [status, report];
}

function assertNobodyAccused([status, { footer, results }]: readonly [number, Report]): void {
  const failed = results.filter(({ verdict }) => verdict === "failed");
  assertEquals(failed, []);
  assert((footer.errored ?? 0) > 0, "the disk was full too late");
  assertEquals(status, 2);
}

const onlyRoot = isRoot ? "" : ": only root can mount it";

Deno.test({
  name: `a disk that fills while it is driven is errored, and no bug of its file system${onlyRoot}`,
  ignore: !isRoot,
  fn: async () => {
    await withFolder(async (point) => {
      const size = ["-t", "tmpfs", "-o", "size=90M", "pagespec", point];
      assertEquals((await run("mount", ...size)).status, 0);
      try {
        const [status, report] = await whileFilling(point, point);
        assertNobodyAccused([status, report]);
        const reasons = report.results.map(({ why }) => why ?? "");
        assertMatch(reasons.join(), /less than 16 MiB are free in the folder/);
      } finally {
        await run("umount", point);
      }
    });
  },
});

Deno.test({
  name: `a device that cannot take what is written back is errored, and no bug either${onlyRoot}`,
  ignore: !isRoot,
  fn: async () => {
    await withFolder(async (folder) => {
      const [below, point] = [`${folder}/below`, `${folder}/mounted`];
      await Deno.mkdir(below);
      await Deno.mkdir(point);
      const size = ["-t", "tmpfs", "-o", "size=60M", "pagespec", below];
      assertEquals((await run("mount", ...size)).status, 0);
      try {
        // Room is promised that is not there, as by a thin volume.
        await Deno.writeTextFile(`${below}/image`, "");
        await Deno.truncate(`${below}/image`, 512 << 20);
        assertEquals((await run("mkfs.ext4", "-q", "-F", `${below}/image`)).status, 0);
        assertEquals((await run("mount", "-o", "loop", `${below}/image`, point)).status, 0);
        assertNobodyAccused(await whileFilling(point, below));
      } finally {
        await run("umount", point);
        await run("umount", below);
      }
    });
  },
});
