/**
 * What a guest is made of, and one guest that is booted.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { isTooLong } from "../vectors/conform/drive/patience.ts";
import { processesInside } from "../vectors/conform/drive/run_tasks.ts";
import { releaseOf } from "../vectors/lab/boot_image.ts";
import { bootCommand, type GuestMachine } from "../vectors/lab/boot.ts";
import { type ArchiveEntry, archiveParts, Mode } from "../vectors/lab/cpio.ts";
import { jobScript, quoted } from "../vectors/lab/guest.ts";
import {
  guestFileSystem,
  guestFileSystemNames,
  versionIn,
} from "../vectors/lab/guest_file_system.ts";
import {
  chooseKernel,
  headerPackages,
  kernelsIn,
  versionsText,
} from "../vectors/lab/kernel_package.ts";
import { makeGuest } from "../vectors/lab/lab.ts";
import { moduleOrder } from "../vectors/lab/module_order.ts";
import { missingText, needsOf } from "../vectors/lab/needs.ts";
import { run, withFolder } from "./driven_folder.ts";

/** Reads an archive by the format's own words: 13 numbers of 8 digits, and names and data padded to 4. */
function entriesOf(archive: Uint8Array): readonly ArchiveEntry[] {
  const text = new TextDecoder("latin1").decode(archive);
  const entries: ArchiveEntry[] = [];
  for (let at = 0; at < archive.length;) {
    assertEquals(text.slice(at, at + 6), "070701");
    const number = (field: number): number =>
      parseInt(text.slice(at + 6 + 8 * field, at + 14 + 8 * field), 16);
    const [mode, length, nameLength] = [number(1), number(6), number(11)];
    const path = new TextDecoder().decode(archive.subarray(at + 110, at + 109 + nameLength));
    const from = Math.ceil((at + 110 + nameLength) / 4) * 4;
    at = Math.ceil((from + length) / 4) * 4;
    if (path === "TRAILER!!!") assertEquals(at, archive.length);
    else entries.push({ path, mode, data: archive.slice(from, from + length) });
  }
  return entries;
}

Deno.test("who unpacks an archive finds the files that were put in, at multiples of four bytes", async () => {
  const entry = fc.record({
    path: fc.stringMatching(/^[\wé.-]{1,9}$/),
    mode: fc.constantFrom(...Object.values(Mode)),
    data: fc.uint8Array({ maxLength: 9 }),
  });
  const packed = async (entries: readonly ArchiveEntry[]): Promise<Uint8Array> => {
    const parts = archiveParts(entries).map((part) => new Uint8Array(part));
    return new Uint8Array(await new Blob(parts).arrayBuffer());
  };
  await fc.assert(
    fc.asyncProperty(fc.array(entry, { maxLength: 5 }), async (entries) => {
      assertEquals(entriesOf(await packed(entries)), entries);
    }),
  );
});

Deno.test("each module comes after those that it needs, and only what is needed is loaded", () => {
  const below = fc.integer({ min: 1, max: 12 }).chain((count) =>
    fc.tuple(...Array.from({ length: count }, (_, at) => fc.subarray([...Array(at).keys()])))
  );
  fc.assert(fc.property(below, fc.nat(), (needs, from) => {
    const file = (at: number): string => `kernel/m${at}.ko.xz`;
    const lines = needs.map((each, at) => `${file(at)}: ${each.map(file).join(" ")}`);
    const wanted = from % needs.length;
    const order = moduleOrder({ dependencies: lines.join("\n"), builtin: "" }, [`m${wanted}`]);
    assert(order.kind === "ordered");
    const reached = (at: number): Set<number> =>
      new Set([at, ...needs[at]?.flatMap((each) => [...reached(each)]) ?? []]);
    assertEquals(new Set(order.files), new Set([...reached(wanted)].map(file)));
    for (const [at, each] of needs.entries()) {
      for (const other of reached(wanted).has(at) ? each : []) {
        assert(order.files.indexOf(file(other)) < order.files.indexOf(file(at)));
      }
    }
  }));
});

Deno.test("a module may be in the image, may be missing if it is optional, and is named otherwise", () => {
  const lists = {
    dependencies:
      "kernel/a/virtio-rng.ko.zst:\nkernel/fs/xfs.ko: kernel/lib/crc.ko\nkernel/lib/crc.ko:",
    builtin: "kernel/fs/ext4/ext4.ko\n",
  };
  assertEquals(moduleOrder(lists, ["virtio_rng", "ext4", "crc32c_generic?", "xfs"]), {
    kind: "ordered",
    files: ["kernel/a/virtio-rng.ko.zst", "kernel/lib/crc.ko", "kernel/fs/xfs.ko"],
  });
  assertEquals(moduleOrder(lists, ["btrfs", "xfs", "loop"]), {
    kind: "missing",
    names: ["btrfs", "loop"],
  });
});

const packages = ([
  ["linux-image-5.10.0-9-amd64", "5.10.70-1"],
  ["linux-image-5.10.0-46-amd64-unsigned", "5.10.262-1"],
  ["linux-image-5.10.0-46-rt-amd64-unsigned", "5.10.262-1"],
  ["linux-image-6.12.90+deb13-amd64", "6.12.90-1"],
  ["linux-image-6.12.118+deb12-amd64", "6.12.118-1~bpo12+1"],
  ["linux-image-6.12.118+deb13-amd64", "6.12.118-1"],
  ["linux-image-6.12.118+deb13-amd64-unsigned", "6.12.118-1"],
  ["linux-image-6.12.118+deb13-cloud-amd64", "6.12.118-1"],
  ["linux-image-amd64", "6.12.118-1"],
  ["linux-image-7.3.4+deb13-amd64", "7.3.4-1~bpo13+1"],
  ["linux-binary-7.3.4+deb13-amd64", "7.3.4-1~bpo13+1"],
  ["linux-base-7.3.4+deb13-amd64", "7.3.4-1~bpo13+1"],
] as const).map(([name, version]) => `Package: ${name}\nSource: linux\nVersion: ${version}\n`)
  .join("\n");

Deno.test("a version is the newest of Debian's kernels that fits, and not one for clouds or real time", () => {
  const kernels = kernelsIn(packages);
  const choose = (wanted: string) => chooseKernel(kernels, wanted);
  assertEquals(choose("5.10"), {
    release: "5.10.0-46-amd64",
    version: "5.10.262",
    packages: ["linux-image-5.10.0-46-amd64-unsigned"],
  });
  assertEquals(choose("6.12")?.packages, ["linux-image-6.12.118+deb13-amd64"]);
  assertEquals(choose("6.12.118+deb12-amd64")?.release, "6.12.118+deb12-amd64");
  assertEquals(choose("7.3.4")?.packages, [
    "linux-binary-7.3.4+deb13-amd64",
    "linux-modules-7.3.4+deb13-amd64",
    "linux-base-7.3.4+deb13-amd64",
  ]);
  for (const none of ["6.1", "6.12.11", "5.10.0"]) assertEquals(choose(none), undefined);
  assertEquals(versionsText(kernels), "7.3.4 6.12.118 6.12.90 5.10.262 5.10.70");
});

Deno.test("the headers of a kernel are in a package of its own, and in one that its like share", () => {
  assertEquals(
    ["5.10.0-46-amd64", "6.12.118+deb13-amd64"].map((each) => headerPackages(each).join(" ")),
    [
      "linux-headers-5.10.0-46-amd64 linux-headers-5.10.0-46-common",
      "linux-headers-6.12.118+deb13-amd64 linux-headers-6.12.118+deb13-common",
    ],
  );
});

Deno.test("a bzImage names its release", () => {
  const image = new Uint8Array(0x2000);
  const put = (at: number, text: string): void => image.set(new TextEncoder().encode(text), at);
  assertEquals(releaseOf(image), undefined);
  put(0x202, "HdrS");
  new DataView(image.buffer).setUint16(0x20e, 0x1000, true);
  put(0x1200, "6.12.1-mine (me@here) #1 SMP\0");
  assertEquals(releaseOf(image), "6.12.1-mine");
});

const machine: GuestMachine = {
  accelerator: "tcg",
  processors: 2,
  image: "/k/vmlinuz",
  initramfs: "/r,s/initramfs.cpio",
  results: "/r,s",
  disk: "/c/disk.img",
  pmem: false,
  timeout: 60,
};

Deno.test("a guest may write to its results, and to nothing else of this machine", () => {
  const options = bootCommand(machine);
  const shares = options.filter((_, at) => options[at - 1] === "-virtfs");
  assertEquals(shares.map((each) => /path=(.*),mount_tag/.exec(each)?.[1]), ["/", "/r,,s"]);
  assertEquals(shares.map((each) => each.includes("readonly=on")), [true, false]);
  const drives = options.filter((_, at) => options[at - 1] === "-drive");
  assertEquals(drives, ["file=/c/disk.img,format=raw,if=virtio,snapshot=on"]);
  assertEquals(options.slice(3, 7), ["timeout", "--foreground", "--kill-after=5", "60"]);
});

Deno.test("a kernel that meets a bug of its own ends the guest, and what it says is kept over boots", () => {
  const options = bootCommand(machine).join(" ");
  assertMatch(options, / -no-reboot .*\boops=panic panic=-1\b/);
  assertMatch(options, /file,id=console,append=on,path=\/r,,s\/console\.txt/);
});

Deno.test("memory is set aside for DAX alone, and a real processor is not slowed or sped up", () => {
  const kernelOf = (more: Partial<GuestMachine>): string => {
    const options = bootCommand({ ...machine, ...more });
    return options[options.indexOf("-append") + 1] ?? "";
  };
  assertMatch(kernelOf({ pmem: true }), /\bmemmap=512M!1G\b/);
  assert(!kernelOf({}).includes("memmap"));
  assertMatch(kernelOf({}), /mitigations=off/);
  assertMatch(kernelOf({}), /cryptomgr\.notests initcall_blacklist=jent_mod_init/);
  for (const left of ["mitigations", "cryptomgr", "initcall"]) {
    assert(!kernelOf({ accelerator: "kvm" }).includes(left), left);
  }
});

Deno.test("a mkfs.xfs that is newer than the kernel makes what the kernel can mount", () => {
  const makes = (kernel: string, mkfs: string): string =>
    guestFileSystem("xfs").make({ kernel: versionIn(kernel), mkfs: versionIn(mkfs) }).join(" ");
  assertMatch(makes("5.10.0-46-amd64", "mkfs.xfs version 6.13.0"), /lts_5\.10\.conf$/);
  assertEquals(makes("5.10.0-46-amd64", "mkfs.xfs version 6.1.0"), "-m bigtime=0,inobtcount=0");
  assertMatch(makes("6.1.0-57-amd64", "mkfs.xfs version 6.13.0"), /lts_6\.1\.conf$/);
  assertEquals(makes("6.1.0-57-amd64", "mkfs.xfs version 6.1.0"), "");
  assertEquals(makes("6.12.118+deb13-amd64", "mkfs.xfs version 6.13.0"), "");
});

Deno.test("words of a command come to the guest's shell as they are", async () => {
  const words = fc.sample(fc.string({ minLength: 1 }), { numRuns: 50, seed: 1 })
    .filter((word) => !/[\0\n]/.test(word)).concat("it's", "a b", "$(x)", "-n", "*", "\\");
  const { out } = await run("sh", "-c", `printf '%s\\n' ${words.map(quoted).join(" ")}`);
  assertEquals(out, words.map((word) => `${word}\n`).join(""));
});

Deno.test("a job whose kernel cannot leave the function out ends, and says so", async () => {
  await withFolder(async (folder) => {
    const job = jobScript({
      ...{ fileSystem: "ext4", results: folder, folder, environment: {}, mounted: false },
      ...{
        versions: { kernel: [6, 12], mkfs: [1, 47] },
        skip: "no_such",
        command: ["echo", "ran"],
      },
    });
    const [, afterPorts = ""] = job.split("2>$complaints\n");
    const { out, err } = await run("sh", "-c", afterPorts);
    assertEquals(out, "");
    assertMatch(
      err,
      /\npagespec lab: no_such: expected a function that this kernel lets be probed\n$/,
    );
  });
});

Deno.test("what is missing here is named in one line, with the command that installs it", () => {
  const needs = needsOf("xfs-dax", false);
  assertEquals(missingText(needs, () => true), undefined);
  assertEquals(
    missingText(needs, (program) => !/qemu|busybox/.test(program)),
    "no qemu-system-x86_64, /bin/busybox here: " +
      "apt-get install --no-install-recommends qemu-system-x86 busybox-static",
  );
  assertMatch(
    missingText(needsOf("ext4", true), (program) => !/gcc|dlfcn/.test(program)) ?? "",
    /^no gcc, \/usr\/include\/dlfcn.h here: .* gcc libc6-dev$/,
  );
});

Deno.test("a lab that was not asked for well is one line and status 2, before a kernel is fetched", async () => {
  const cases = [
    [["--fs", "ext2", "conform"], `expected --fs ${guestFileSystemNames.join(", ")}, not "ext2"`],
    [
      ["record", "--unjudge"],
      "Unknown option '--unjudge'; `pagespec lab --help` lists the options",
    ],
    [["record", "--only", "DUR1"], "no invariant DUR1; did you mean DUR-1?"],
    [["record", "--at", "0"], 'expected --at as the number of a line, not "0"'],
    [
      ["record", "--all", "--unjudged"],
      "expected no --all with --unjudged, which judges nothing",
    ],
  ] as const;
  for (const [args, says] of cases) {
    const command = ["--no-prompt", "--allow-env=XDG_CACHE_HOME,HOME", "cli.ts", "lab"];
    assertEquals(await run("deno", "run", ...command, "--kernel", "6.12", ...args), {
      status: 2,
      out: "",
      err: `pagespec lab: ${says}\n`,
    });
  }
});

Deno.test("a process that is slow to begin, as an emulated one is, is not one whose call hangs", () => {
  /** Processes by the operation that each is at, from 1, and by the trials that each has ended. */
  const insideOf = (
    places: readonly (readonly [position: number, arrivals: number])[],
    done: readonly (readonly [operation: number, trial: number])[] = [],
  ) =>
    processesInside({
      position: (process) => places[process]?.[0] ?? 0,
      arrivals: (process) => places[process]?.[1] ?? 0,
      isDone: (operation, trial) => done.some((each) => each[0] === operation && each[1] === trial),
    }, places.length);
  assertEquals(insideOf([[0, 0], [0, 0]]), [], "neither has begun");
  assertEquals(insideOf([[1, 0], [0, 0]]), [0], "the first is in its first operation");
  assertEquals(insideOf([[1, 0], [0, 0]], [[0, 0]]), [], "it has ended it, and waits");
  assertEquals(insideOf([[2, 4], [3, 4]], [[1, 4]]), [1], "in the fifth trial the second is");
});

Deno.test("how long a call may take is in proportion to what a process takes to begin and to end", () => {
  const seconds = fc.integer({ min: 0, max: 1000 }).map((each) => each * 1000);
  const place = fc.constantFrom("inside" as const, "before" as const);
  fc.assert(fc.property(seconds, seconds, place, (still, life, where) => {
    assertEquals(isTooLong(still, life, where), isTooLong(still, 0, where) && still >= 20 * life);
  }));
  assert(isTooLong(10_000, 100, "inside"), "a process begins and ends in 0.1 s");
  assert(!isTooLong(50_000, 5000, "inside"), "it takes 5 s");
  assert(!isTooLong(10_000, 100, "before"));
});

/** The folder of a kernel that the lab has fetched; undefined without one, or without QEMU. */
async function cachedKernel(): Promise<string | undefined> {
  const script = "ls -d ${XDG_CACHE_HOME:-$HOME/.cache}/pagespec/lab/kernels/*/lib/modules/* && " +
    "command -v qemu-system-x86_64";
  const { status, out } = await run("sh", "-c", script);
  return status === 0 ? out.split("\n")[0] : undefined;
}

const modules = await cachedKernel();

Deno.test({
  name: modules === undefined
    ? "a guest is booted: no QEMU here, or no kernel that the lab has fetched"
    : "a guest has this machine's files, writes to its results alone, and ends with its input",
  ignore: modules === undefined,
  fn: async () => {
    await withFolder(async (results) => {
      const script = 'head -c 4 cli.ts; read line && echo " $line"; touch cli.ts here; ' +
        'echo came back > "$0"; cat';
      const guest = await makeGuest({
        kernel: { kind: "own", image: `${modules}/vmlinuz`, modules },
        fileSystem: "ext4",
        // An emulated one boots in half the processor time of two.
        processors: 1,
        ...{ timeout: 300, results, cache: results, remark: () => {} },
        job: {
          mounted: false,
          skip: undefined,
          command: () => ["sh", "-c", script, `${results}/written`],
          folder: new URL("../", import.meta.url).pathname,
          environment: {},
        },
      });
      assert(typeof guest !== "string", String(guest));
      using _ = guest;
      const [program, ...args] = guest.command;
      const pipes = { stdin: "piped", stdout: "piped", stderr: "null" } as const;
      const child = new Deno.Command(program, { args, ...pipes }).spawn();
      const input = child.stdin.getWriter();
      await input.write(new TextEncoder().encode("to the guest\n"));
      await input.close();
      const { code, stdout } = await child.output();
      assertEquals([code, new TextDecoder().decode(stdout)], [0, "/**\n to the guest\n"]);
      assertEquals(await Deno.readTextFile(`${results}/written`), "came back\n");
      assertEquals((await run("ls", "here")).status !== 0, true);
    });
  },
});
