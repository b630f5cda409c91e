/**
 * What a lab leaves that ends before its time, and what it says where it cannot begin. A program that
 * answers nothing, and does not look at its input, stands in for QEMU: a guest that boots does so, too.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { run, withFolder } from "./driven_folder.ts";
import { ownKernel } from "../vectors/lab/kernel.ts";
import { elsewhere, isX86Linux } from "./platform.ts";

const root = new URL("../", import.meta.url);
const mark = "PAGESPEC_LAB_INTERRUPTED_TEST";
const permissions = ["--allow-read", "--allow-write", "--allow-run", "--allow-env"] as const;

/** What lab needs here besides QEMU, as far as it is missing. */
const missing = await (async () => {
  const programs = "setpriv depmod dpkg-deb mkfs.ext4";
  const script =
    `PATH=$PATH:/usr/sbin; for each in ${programs}; do command -v $each || exit; done;` +
    " ls /bin/busybox /usr/share/keyrings/debian-archive-keyring.gpg";
  return (await run("sh", "-c", script)).status === 0 ? "" : ": what a lab needs is not here";
})();
const because = isX86Linux ? missing : elsewhere;
const ignore = because !== "";

/** A folder with a bzImage, and programs that come first on the PATH. */
async function withMachine<T>(use: (folder: string, path: string) => Promise<T>): Promise<T> {
  return await withFolder(async (folder) => {
    const image = new Uint8Array(0x2000);
    const text = new TextEncoder();
    image.set(text.encode("HdrS"), 0x202);
    new DataView(image.buffer).setUint16(0x20e, 0x1000, true);
    image.set(text.encode("6.12.1-mine (me@here)\0"), 0x1200);
    await Deno.writeFile(`${folder}/bzImage`, image);
    await Deno.mkdir(`${folder}/bin`);
    const program = `#!/bin/sh\n: > ${folder}/booted\nexec sleep 1000\n`;
    await Deno.writeTextFile(`${folder}/bin/qemu-system-x86_64`, program, { mode: 0o755 });
    await Deno.mkdir(`${folder}/scratch`);
    return await use(folder, `${folder}/bin`);
  });
}

/** Starts a lab whose processes can be found by their environment. */
function start(folder: string, path: string, job: readonly string[]): Deno.ChildProcess {
  const options = ["--bzImage", `${folder}/bzImage`, "--output", `${folder}/output`];
  const lab = ["deno", "run", "--no-prompt", ...permissions, "cli.ts", "lab", ...options, ...job];
  return new Deno.Command("sh", {
    args: ["-c", `PATH=${path}:$PATH exec "$@"`, "sh", ...lab],
    cwd: root,
    env: {
      [mark]: folder,
      TMPDIR: `${folder}/scratch`,
      XDG_CACHE_HOME: `${folder}/cache`,
      ...cache,
    },
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
}

/** Where Deno has what it has fetched: XDG_CACHE_HOME says so, too. */
const cache = await (async () => {
  const { denoDir }: { denoDir: string } = JSON.parse((await run("deno", "info", "--json")).out);
  return { DENO_DIR: denoDir };
})();

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Waits for a condition, 20 s at most. */
async function until(condition: () => Promise<boolean>, what: string): Promise<void> {
  for (let tries = 0; !await condition(); tries++) {
    assert(tries < 200, what);
    await pause(100);
  }
}

async function isThere(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

/** The names in a folder; none if it is not there. */
async function names(folder: string): Promise<readonly string[]> {
  if (!await isThere(folder)) return [];
  return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
}

/** Processes that are left. */
async function leftOf(folder: string): Promise<string> {
  const found = `grep -lsz "^${mark}=${folder}$" /proc/[0-9]*/environ || true`;
  return (await run("sh", "-c", found)).out;
}

/** Ends a lab at some moment, and looks at what is left. */
async function interrupted(
  signal: Deno.Signal,
  job: readonly string[],
  moment: (folder: string) => Promise<unknown>,
): Promise<void> {
  await withMachine(async (folder, path) => {
    const lab = start(folder, path, job);
    await moment(folder);
    lab.kill(signal);
    await lab.status;
    await until(async () => await leftOf(folder) === "", "a process is left");
    assertEquals(await names(`${folder}/scratch`), []);
    assertEquals((await names(`${folder}/output`)).filter((name) => name !== "console.txt"), []);
    const kept = await names(`${folder}/cache/pagespec/lab`);
    assertEquals(kept.filter((name) => name !== "disk.img"), []);
  });
}

const hasBooted = (folder: string): Promise<void> =>
  until(() => isThere(`${folder}/booted`), "it does not boot");

Deno.test({
  name: `whenever a lab is killed or interrupted, no process and no file of it is left${because}`,
  ignore,
  fn: async () => {
    const anywhen = (at: number) => () => pause((at + Math.random()) * 300);
    await Promise.all([
      interrupted("SIGKILL", ["conform"], anywhen(1)),
      interrupted("SIGKILL", ["record", "--", "true"], anywhen(2)),
      interrupted("SIGINT", ["power-cut"], anywhen(3)),
      interrupted("SIGKILL", ["conform"], hasBooted),
      interrupted("SIGINT", ["record", "--", "true"], hasBooted),
    ]);
  },
});

Deno.test({
  name:
    `without QEMU, or without a network for the kernel, a lab is one line and status 2${because}`,
  ignore,
  fn: async () => {
    await withMachine(async (folder, path) => {
      const labOf = (
        ...args: readonly string[]
      ) => ["deno", "run", "--no-prompt", ...permissions, "cli.ts", "lab", ...args, "conform"];
      const withPath = (value: string, ...command: readonly string[]) =>
        run(
          "env",
          `PATH=${value}`,
          `XDG_CACHE_HOME=${folder}/cache`,
          `DENO_DIR=${cache.DENO_DIR}`,
          ...command,
        );
      const all = (await run("sh", "-c", "echo $PATH")).out.trim();
      const links = `mkdir ${folder}/few && for each in sh deno setpriv depmod dpkg-deb kill; do ` +
        `ln -s "$(PATH=$PATH:/usr/sbin command -v $each)" ${folder}/few/$each; done`;
      assertEquals((await run("sh", "-c", links)).status, 0);
      const outcomes = await Promise.all([
        withPath(`${folder}/few`, ...labOf("--bzImage", `${folder}/bzImage`)),
        withPath(`${path}:${all}`, "unshare", "--net", ...labOf("--kernel", "6.1")),
      ]);
      const says = [
        /^no qemu-system-x86_64 here: apt-get install [\w -]+$/,
        /^apt-get update: /,
      ];
      for (const [at, { status, out, err }] of outcomes.entries()) {
        const lines = err.trimEnd().split("\n").filter((line) => !line.includes(": asking Debian"));
        assertEquals([status, out, lines.length], [2, "", 1], err);
        assertMatch(lines[0]?.replace("pagespec lab: ", "") ?? "", says[at] ?? /^$/);
      }
    });
  },
});

Deno.test("a kernel of one's own that cannot be booted is named, with what was expected", async () => {
  await withMachine(async (folder) => {
    const image = `${folder}/bzImage`;
    const { release } = kernelAt(image);
    assertEquals(release, "6.12.1-mine");
    const modules = `${folder}/lib/modules/${release}`;
    assertEquals(
      ownKernel(`${folder}/none`, undefined)?.toString().startsWith(`${folder}/none: `),
      true,
    );
    assertEquals(ownKernel("cli.ts", undefined), "cli.ts: expected a bzImage for x86");
    assertEquals(ownKernel(image, folder), `${folder}: expected lib/modules/${release} there`);
    await Deno.mkdir(modules, { recursive: true });
    await Deno.writeTextFile(`${modules}/modules.builtin`, "");
    assertEquals(
      ownKernel(image, folder),
      `${modules}: expected modules.dep there; depmod writes it`,
    );
    await Deno.writeTextFile(`${modules}/modules.dep`, "");
    for (const each of [folder, modules]) {
      assertEquals(ownKernel(image, each), { release, image, modules });
    }
  });
});

function kernelAt(image: string): Exclude<ReturnType<typeof ownKernel>, string> {
  const kernel = ownKernel(image, undefined);
  assert(typeof kernel !== "string", String(kernel));
  return kernel;
}
