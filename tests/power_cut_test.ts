/**
 * Power cuts of real file systems on this kernel.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { pagespec } from "./command_line.ts";
import { isRoot, type Report, run, runsDrive, withFolder } from "./driven_folder.ts";

const root = new URL("../", import.meta.url);

/** Why no power can be cut here. */
async function missingHere(): Promise<string | undefined> {
  if (!isRoot) return "only root can mount it";
  for (const device of ["/dev/fuse", "/dev/loop-control"]) {
    if ((await run("test", "-c", device)).status !== 0) return `no ${device} here`;
  }
  return (await run("mkfs.ext4", "-V")).status === 127 ? "no mkfs.ext4 here" : undefined;
}

const missing = await missingHere();
const because = missing === undefined ? "" : `: ${missing}`;
const ignore = missing !== undefined;

/** The arguments of Deno for a driver of a device. */
function driverOf(device: string, ...more: readonly string[]): string[] {
  return [...runsDrive, "--device", device, ...more];
}

/** Makes a file of so many MiB and calls it a device. */
async function withDevice<T>(mib: number, use: (device: string) => Promise<T>): Promise<T> {
  return await withFolder(async (folder) => {
    const device = `${folder}/device`;
    await Deno.writeTextFile(device, "");
    await Deno.truncate(device, mib << 20);
    return await use(device);
  });
}

/** Cuts power in these vectors; returns the report. */
async function cut(handles: readonly string[], ...more: readonly string[]) {
  return await withDevice(64, async (device) => {
    const only = handles.flatMap((handle) => ["--only", handle]);
    const driver = ["deno", ...driverOf(device, "--yes", "--images", "20", ...more)];
    const { out, err } = await pagespec(["conform", "--format", "json", ...only, "--", ...driver]);
    assert(out.startsWith("{"), err);
    const report: Report = JSON.parse(out);
    return { report };
  });
}

const promised = ["DUR-1/store-and-fsync", "META-2/write-and-fdatasync"];

Deno.test({
  name: `ext4 on this kernel keeps what fsync promised, whenever power fails${because}`,
  ignore,
  fn: async () => {
    const { report: { results } } = await cut([...promised, "DUR-4/write-to-a-new-block"]);
    assertEquals(results.map(({ verdict }) => verdict).toSorted(), Array(3).fill("passed"));
    for (const { images } of results) {
      assert(images !== undefined && images.tried > 1 && images.checked > 0);
      assert(BigInt(images.possible) >= images.tried);
    }
  },
});

/** What is made wrong, and the options that make it so. */
const wrongs = [
  ["ext4 that sends no flush", ["--mount", "barrier=0"]],
  ["a device that ignores flushes", ["--lie", "flush"]],
  ["a device that reports writes before they have arrived", ["--lie", "wait"]],
] as const;

for (const [name, options] of wrongs) {
  Deno.test({
    name: `${name} is caught by bytes that are gone, and how is named${because}`,
    ignore,
    fn: async () => {
      const { report: { results } } = await cut(promised, ...options);
      assertEquals(results.map(({ verdict }) => verdict), ["failed", "failed"]);
      for (const { handle, invariants, observed } of results) {
        assert(invariants.includes(handle.split("/")[0] ?? ""));
        assert(observed.some(({ kind, text }) => kind === "forbidden" && /\br=/.test(text)));
      }
    },
  });
}

/** The line that a driver ends with, and its status. */
async function refusal(...args: readonly string[]): Promise<string> {
  const { status, err } = await run("deno", ...args);
  assertEquals(status, 2);
  assertMatch(err, /^pagespec drive: [^\n]*\n$/);
  return err.slice("pagespec drive: ".length, -1);
}

Deno.test({
  name: `a device is not destroyed unless it may be, has room, and nobody uses it${because}`,
  ignore,
  fn: async () => {
    await withDevice(1, async (device) => {
      assertMatch(
        await refusal(...driverOf(device, "--yes")),
        /expected at least 64 MiB for ext4$/,
      );
    });
    await withDevice(64, async (device) => {
      assertMatch(await refusal(...driverOf(device)), /destroyed; --yes says that it may be$/);
      const file = await Deno.open(device, { write: true });
      const table = new Uint8Array(512);
      [table[450], table[510], table[511]] = [0x83, 0x55, 0xaa];
      await file.write(table);
      file.close();
      assertMatch(await refusal(...driverOf(device, "--yes")), /: it has partitions$/);
      const loop = (await run("losetup", "--find", "--show", device)).out.trim();
      try {
        assertMatch(await refusal(...driverOf(device, "--yes")), /loop\d+ is attached to it$/);
        assertEquals((await run("mkfs.ext4", "-q", "-F", loop)).status, 0);
        assertEquals((await run("mount", "--mkdir", loop, `${device}.point`)).status, 0);
        assertMatch(await refusal(...driverOf(loop, "--yes")), /: it is mounted or in use$/);
      } finally {
        await run("umount", `${device}.point`);
        await run("losetup", "--detach", loop);
      }
    });
  },
});

Deno.test({
  name: `whoever may mount nothing, or has no mkfs, is told so in one line${because}`,
  ignore: ignore || (await run("setpriv", "--version")).status !== 0,
  fn: async () => {
    await withDevice(64, async (device) => {
      const powerless = ["--bounding-set=-sys_admin", "--inh-caps=-sys_admin", "deno"];
      const { status, err } = await run("setpriv", ...powerless, ...driverOf(device, "--yes"));
      assertEquals(status, 2);
      assertMatch(err, /^pagespec drive: expected to be root: [^\n]+\n$/);
      const options = ["--yes", "--mkfs=--no-such-option"];
      assertMatch(await refusal(...driverOf(device, ...options)), /^mkfs\.ext4: /);
    });
  },
});

/** Runs Deno as a user who is not root, and who may not go where root has it and what it has fetched. */
const asNobody: readonly string[] = [
  ...["unshare", "--mount", "sh", "-c"],
  "mount -t tmpfs none /mnt && mkdir /mnt/dir /mnt/bin && " +
  'mount --bind "$(deno info --json | grep -m1 denoDir | cut -d \\" -f 4)" /mnt/dir && ' +
  // What is called deno may be a link, or a script of npm's that runs it.
  `mount --bind "${Deno.execPath().replace(/\/[^/]+$/, "")}" /mnt/bin && ` +
  "exec setpriv --reuid=65534 --regid=65534 --clear-groups env DENO_DIR=/mnt/dir " +
  '/mnt/bin/deno "$@"',
  "sh",
];

/** Runs what follows where /dev has nothing but a few devices. */
function withDevices(...names: readonly string[]): readonly string[] {
  const all = ["null", "zero", "urandom", ...names].map((name) => `/dev/${name}`).join(" ");
  const script =
    `mount -t tmpfs none /mnt && cp -a ${all} /mnt && mount --move /mnt /dev && exec "$@"`;
  return ["unshare", "--mount", "sh", "-c", script, "sh"];
}

Deno.test({
  name: `whoever is not root, or has no FUSE or no loop devices, is told so in one line${because}`,
  ignore: ignore || (await run("setpriv", "--reuid=65534", "test", "-r", "cli.ts")).status !== 0,
  fn: async () => {
    await withDevice(64, async (device) => {
      const folder = device.slice(0, device.lastIndexOf("/"));
      assertEquals((await run("chmod", "-R", "go+rwX", folder)).status, 0);
      const driver = driverOf(device, "--yes");
      for (
        const [before, says] of [
          [asNobody, /^expected to be root: \/dev\/fuse: EACCES$/],
          [[...withDevices("loop-control"), "deno"], /^no \/dev\/fuse here: modprobe fuse$/],
          [[...withDevices("fuse"), "deno"], /^no \/dev\/loop-control here: modprobe loop$/],
        ] as const
      ) {
        const [program = "", ...args] = before;
        const { status, out, err } = await run(program, ...args, ...driver);
        assertEquals([status, out, err.split("\n").length], [2, "", 2], err);
        assertMatch(err.slice("pagespec drive: ".length, -1), says);
      }
    });
  },
});

const mark = "PAGESPEC_POWER_CUT_TEST";

/** Processes of a driver that are left, and loop devices over what it served. */
async function leftOf(device: string, pid: number): Promise<string> {
  const processes = `grep -lsz "^${mark}=${device}$" /proc/[0-9]*/environ || true`;
  const loops = `grep -s "pagespec-${pid}[/ ]" /sys/block/loop*/loop/backing_file || true`;
  const mounts = `grep -s "pagespec-${pid} " /proc/[0-9]*/mountinfo || true`;
  return (await run("sh", "-c", `${processes}; ${loops}; ${mounts}`)).out;
}

Deno.test({
  name: `whenever a driver is killed, no mount, loop device, process or file is left${because}`,
  ignore,
  fn: async () => {
    const suite = JSON.parse(await Deno.readTextFile(new URL("vectors/suite/B.json", root)));
    const vector = suite.vectors.find(({ handle }: { handle: string }) => handle === promised[0]);
    const { allowed: _allowed, forbidden: _forbidden, ...asked } = vector;
    const schedule = { kind: "sampled", trials: 1, seed: 1 };
    const lines = [
      { kind: "hello", protocol: 1, schema: "1.0" },
      { kind: "run", seq: "1", vector: asked, schedule },
    ];
    const input = new TextEncoder().encode(
      lines.map((each) => `${JSON.stringify(each)}\n`).join(""),
    );
    await withDevice(64, async (device) => {
      const signals = ["SIGKILL", "SIGINT", "SIGTERM", "SIGKILL"] as const;
      for (const [at, signal] of signals.entries()) {
        const driver = new Deno.Command("deno", {
          args: driverOf(device, "--yes", "--images", "100000"),
          cwd: root,
          env: { [mark]: device },
          stdin: "piped",
          stdout: "null",
          stderr: "null",
        }).spawn();
        const writer = driver.stdin.getWriter();
        await writer.write(input);
        await new Promise((resolve) => setTimeout(resolve, (at + Math.random()) * 400));
        driver.kill(signal);
        await driver.status;
        await writer.close().catch(() => {});
        let left = "";
        for (let tries = 0; tries < 50; tries++) {
          left = await leftOf(device, driver.pid);
          if (left === "") break;
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
        assertEquals(left, "");
      }
      const folder = device.slice(0, device.lastIndexOf("/"));
      assertEquals((await Array.fromAsync(Deno.readDir(folder))).length, 1);
    });
  },
});

Deno.test("options of a device that make no sense are one line and status 2", async () => {
  const wrong = [
    [["--fs", "minix"], /^expected --fs ext4, xfs, btrfs, not "minix"$/],
    [["--images", "0"], /^expected --images of 1 or more, not "0"$/],
    [["--sector", "17"], /^expected --sector 512 or 4096, not "17"$/],
    [["--lie", "often"], /^expected --lie flush or wait, not "often"$/],
  ] as const;
  for (const [options, expected] of wrong) {
    const { status, err } = await pagespec(["drive", "--device", "/no/such", ...options]);
    assertEquals([status, err.slice(0, 16)], [2, "pagespec drive: "]);
    assertMatch(err.slice(16, -1), expected);
  }
  // Whoever loads a library needs permissions that no test has.
  assertMatch(
    await refusal(...driverOf("/no/such", "--library", "cli.ts")),
    /^cli\.ts: expected a library that can be loaded$/,
  );
});

Deno.test("chapter 2 names each vector of a past loss with the commits that it refers to", async () => {
  const chapter = await Deno.readTextFile(new URL("spec/2-durability.md", root));
  const [, list = ""] = /## What power failures have shown\n(.*?)\n## /s.exec(chapter) ?? [];
  const items = list.split("\n- ").slice(1);
  const suite: {
    vectors: { handle: string; provenance: { references: { id: string }[] } }[];
  } = JSON.parse(await Deno.readTextFile(new URL("vectors/suite/B.json", root)));
  assert(items.length >= 15);
  for (const item of items) {
    const commits = item.match(/\b[0-9a-f]{12}\b/g) ?? [];
    assert(commits.length > 0, item);
    for (const [, name = ""] of item.matchAll(/`([a-z-]+)`/g)) {
      const vector = suite.vectors.find(({ handle }) => handle.endsWith(`/${name}`));
      const references = vector?.provenance.references.map(({ id }) => id) ?? [];
      assertEquals(commits.filter((each) => !references.includes(each)), [], name);
    }
  }
});
