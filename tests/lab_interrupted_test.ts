/**
 * What a lab leaves that ends before its time, and what it says where it cannot begin. Programs that do
 * nothing but what a lab waits for stand in for apt, dpkg, depmod and QEMU: they stop where a test wants
 * it, and do not look at their input.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { run, withFolder } from "./driven_folder.ts";
import { modulesFor } from "../vectors/lab/guest_file_system.ts";
import { ownKernel } from "../vectors/lab/kernel.ts";
import { loadsLazily } from "./loads_lazily.ts";
import { elsewhere, isX86Linux } from "./platform.ts";

const root = new URL("../", import.meta.url);
const mark = "PAGESPEC_LAB_INTERRUPTED_TEST";
const runsLab = [
  ...["deno", "run", "--no-prompt", loadsLazily],
  ...["--allow-read", "--allow-write", "--allow-run", "--allow-env", "cli.ts", "lab"],
] as const;

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

const release = "6.12.1-amd64";

/** The moments of a lab at which it can be stopped. */
type Stage = "update" | "download" | "unpack" | "depmod" | "boot";

/** What stands in for a program: it says that its stage is reached, and stays there if it is wanted. */
function standIn(folder: string, stage: Stage, ...lines: readonly string[]): string {
  const reached = `: > ${folder}/${stage}; [ "$STOPS" = ${stage} ] && exec sleep 1000`;
  return ["#!/bin/sh", ...lines, reached, "exit 0", ""].join("\n");
}

/** The programs by which a lab fetches a kernel, and boots it. */
function standIns(folder: string): Readonly<Record<string, string>> {
  const inImage = modulesFor("ext4").map((each) => `kernel/${each.replace("?", "")}.ko`);
  return {
    "apt-get": `#!/bin/sh\nexec ${folder}/bin/apt-$1\n`,
    "apt-update": standIn(folder, "update"),
    "apt-download": standIn(folder, "download", ": > linux.deb"),
    "apt-cache": `#!/bin/sh
[ $1 = show ] || exec echo linux-image-${release}
printf 'Package: linux-image-${release}\nVersion: 6.12.1-1\n'
`,
    "dpkg-deb": standIn(
      folder,
      "unpack",
      `modules=$3/lib/modules/${release}; mkdir -p $3/boot $modules`,
      `: > $3/boot/vmlinuz-${release}; echo '${inImage.join("\n")}' > $modules/modules.builtin`,
    ),
    depmod: standIn(folder, "depmod", ": > $2/lib/modules/$3/modules.dep"),
    "qemu-system-x86_64": standIn(
      folder,
      "boot",
      `: > ${folder}/output/pagespec.trace.txt.partial; STOPS=boot`,
    ),
  };
}

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
    for (const [name, program] of Object.entries(standIns(folder))) {
      await Deno.writeTextFile(`${folder}/bin/${name}`, program, { mode: 0o755 });
    }
    await Deno.mkdir(`${folder}/scratch`);
    return await use(folder, `${folder}/bin`);
  });
}

/** Starts a lab whose processes can be found by their environment. */
function start(
  folder: string,
  path: string,
  job: readonly string[],
  stops: Stage,
): Deno.ChildProcess {
  const options = ["--kernel", "6.12", "--output", `${folder}/output`];
  const lab = [...runsLab, ...options, ...job];
  return new Deno.Command("sh", {
    args: ["-c", `PATH=${path}:$PATH exec "$@"`, "sh", ...lab],
    cwd: root,
    env: {
      [mark]: folder,
      STOPS: stops,
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

/** Ends a lab at some moment, or when it has come to a stage, and looks at what is left. */
async function interrupted(
  signal: Deno.Signal,
  job: readonly string[],
  when: Stage | number,
): Promise<void> {
  await withMachine(async (folder, path) => {
    const lab = start(folder, path, job, typeof when === "number" ? "boot" : when);
    if (typeof when === "number") await pause(when);
    else await until(() => isThere(`${folder}/${when}`), `it does not come to ${when}`);
    lab.kill(signal);
    await lab.status;
    await until(async () => await leftOf(folder) === "", "a process is left");
    assertEquals(await names(`${folder}/scratch`), []);
    assertEquals((await names(`${folder}/output`)).filter((name) => name !== "console.txt"), []);
    const kept = await names(`${folder}/cache/pagespec/lab`);
    assertEquals(kept.filter((name) => !["apt", "disk.img", "kernels"].includes(name)), []);
    for (const name of await names(`${folder}/cache/pagespec/lab/kernels`)) {
      assertEquals(name, release);
      assert(await isThere(`${folder}/cache/pagespec/lab/kernels/${name}/version`));
    }
  });
}

Deno.test({
  name: `whenever a lab is killed or interrupted, no process and no file of it is left${because}`,
  ignore,
  fn: async () => {
    const anywhen = (at: number) => (at + Math.random()) * 300;
    await Promise.all([
      interrupted("SIGKILL", ["conform"], anywhen(1)),
      interrupted("SIGKILL", ["record", "--", "true"], anywhen(2)),
      interrupted("SIGINT", ["power-cut"], anywhen(3)),
      interrupted("SIGKILL", ["conform"], "download"),
      interrupted("SIGINT", ["conform"], "unpack"),
      interrupted("SIGKILL", ["record", "--", "true"], "boot"),
      interrupted("SIGINT", ["record", "--", "true"], "boot"),
    ]);
  },
});

Deno.test({
  name:
    `without QEMU, a network, or a kernel of that version, a lab is one line and status 2${because}`,
  ignore,
  fn: async () => {
    await withMachine(async (folder, path) => {
      const labOf = (
        ...args: readonly string[]
      ) => [...runsLab, ...args, "conform"];
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
        `ln -s "$(PATH=$PATH:/usr/sbin command -v $each)" ${folder}/few/$each; done; ` +
        `mkdir ${folder}/qemu && ln ${path}/qemu* ${folder}/qemu`;
      assertEquals((await run("sh", "-c", links)).status, 0);
      const outcomes = await Promise.all([
        withPath(`${folder}/few`, ...labOf("--bzImage", `${folder}/bzImage`)),
        withPath(`${folder}/qemu:${all}`, "unshare", "--net", ...labOf("--kernel", "6.1")),
        withPath(`${path}:${all}`, ...labOf("--kernel", "6.1")),
      ]);
      const says = [
        /^no qemu-system-x86_64 here: apt-get install [\w -]+$/,
        /^apt-get update: /,
        /^Debian has no Linux 6\.1, but 6\.12\.1$/,
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
