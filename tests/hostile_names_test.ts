/**
 * Whatever a vector says, `drive --dir` changes nothing outside of the folder that it was given.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { isName, namePattern } from "../vectors/format/vocabulary.ts";
import { driverOf, run, withFolder } from "./driven_folder.ts";
import { elsewhere, isX86Linux } from "./platform.ts";

const root = new URL("../", import.meta.url);

type Fields = Readonly<Record<string, unknown>>;

/** A vector of one process that writes into a file and reads it back, changed. */
function vector(file: string, more: readonly Fields[] = []): Fields {
  const open = { id: "o", kind: "open", fd: "a", file, flags: [] };
  const write = { id: "w", kind: "pwrite", fd: "a", offset: 0, length: 4, value: 65 };
  return {
    kind: "operation",
    id: "0123456789ab",
    handle: "COH-1/hostile",
    capabilities: [],
    configuration: { cache: "any", stableWrites: "any", blocks: "any" },
    files: { [file]: { size: 4096, extents: [] } },
    processes: [{ name: "P1", operations: [open, write, ...more] }],
  };
}

const map = {
  id: "m",
  kind: "mmap",
  fd: "a",
  mapping: "M",
  offset: 0,
  length: 4096,
  sharing: "shared",
  protection: "write",
};
const within = (offset: number): Fields => ({ mapping: "M", offset });

/** Vectors that no suite may have, and what the driver says. */
const hostile: readonly (readonly [name: string, vector: Fields, why: RegExp])[] = [
  ["climbs out", vector("../../outside"), /expected the name of a file/],
  ["climbs one up", vector("../outside"), /expected the name of a file/],
  ["is absolute", vector("/tmp/pagespec-outside"), /expected the name of a file/],
  ["is the folder above", vector(".."), /expected the name of a file/],
  ["has a zero byte", vector("f\u0000/../../outside"), /expected the name of a file/],
  ["is a link of the kernel", vector("proc/self/cwd/outside"), /expected the name of a file/],
  ["is a word of JavaScript", vector("__proto__"), /expected the name of a file/],
  [
    "stores far from its mapping",
    vector("f", [map, { id: "s", kind: "store", ...within(1 << 30), value: 1 }]),
    /mapping M does not have 1 bytes at 1073741824/,
  ],
  [
    "writes from before its mapping",
    vector("f", [
      map,
      { id: "v", kind: "pwrite", fd: "a", offset: 0, length: 8, from: within(-8) },
    ]),
    /mapping M does not have 8 bytes at -8/,
  ],
  [
    "reads into what follows its mapping",
    vector("f", [
      map,
      { id: "r", kind: "pread", fd: "a", offset: 0, length: 8192, into: within(0) },
    ]),
    /mapping M does not have 8192 bytes at 0/,
  ],
  [
    "reads more than there is memory for",
    vector("f", [{ id: "r", kind: "pread", fd: "a", offset: 0, length: 2 ** 40 }]),
    /expected to move 1 to 4194304 bytes at once/,
  ],
  [
    "loads from no mapping",
    vector("f", [{ id: "l", kind: "load", mapping: "N", offset: 0 }]),
    /no mapping N/,
  ],
];

/** Everything below a folder: paths, and what the files hold. */
async function contents(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    found.push(path, ...isDirectory ? await contents(path) : [await Deno.readTextFile(path)]);
  }
  return found.sort();
}

Deno.test({
  name: `no vector changes anything outside of the folder of drive --dir, or ends it${elsewhere}`,
  ignore: !isX86Linux,
  fn: async () => {
    await withFolder(async (folder) => {
      await Deno.mkdir(`${folder}/driven`);
      await Deno.writeTextFile(`${folder}/outside`, "as it was");
      const before = await contents(folder);
      const [program = "", ...args] = driverOf(`${folder}/driven`);
      const driver = new Deno.Command(program, {
        args: [...args],
        cwd: root,
        stdin: "piped",
        stdout: "piped",
        stderr: "piped",
      }).spawn();
      const schedule = { kind: "sampled", trials: 2, seed: 1 };
      const requests = [
        { kind: "hello", protocol: 1, schema: "1.0" },
        ...[...hostile, ["is sound", vector("f"), /./] as const].map(([seq, vector]) => ({
          kind: "run",
          seq,
          vector,
          schedule,
        })),
        { kind: "bye" },
      ];
      const writer = driver.stdin.getWriter();
      await writer.write(
        new TextEncoder().encode(requests.map((each) => `${JSON.stringify(each)}\n`).join("")),
      );
      await writer.close();
      const { code, stdout } = await driver.output();
      const replies = new TextDecoder().decode(stdout).trimEnd().split("\n")
        .map((line) => JSON.parse(line));
      assertEquals([code, replies.length], [0, requests.length - 1]);
      hostile.forEach(([name, , why], at) => {
        const reply = replies[at + 1];
        assertEquals([reply.seq, reply.kind], [name, "errored"], JSON.stringify(reply));
        assertMatch(reply.why, why, name);
      });
      assertEquals(replies.at(-1).kind, "outcome");
      assertEquals(await contents(folder), before);
    });
  },
});

Deno.test({
  name: `a link that stands where a file should be is not followed${elsewhere}`,
  ignore: !isX86Linux,
  fn: async () => {
    await withFolder(async (folder) => {
      await Deno.writeTextFile(`${folder}/outside`, "as it was");
      await Deno.mkdir(`${folder}/driven`);
      assertEquals((await run("ln", "-s", "../outside", `${folder}/driven/f`)).status, 0);
      const script = `
        import { Open } from "${root}vectors/conform/drive/libc.ts";
        import { ScratchFolder } from "${root}vectors/conform/drive/scratch_folder.ts";
        const folder = new ScratchFolder("${folder}/driven");
        console.log(folder.open("f", Open.RDWR | Open.TRUNC), folder.open("g", Open.RDWR));
      `;
      assertEquals(await run("deno", "eval", "--quiet", script), {
        status: 0,
        out: "ELOOP ENOENT\n",
        err: "",
      });
      assertEquals(await Deno.readTextFile(`${folder}/outside`), "as it was");
    });
  },
});

Deno.test("a name is one component of a path, and the schema has the same names", async () => {
  const schema = JSON.parse(
    await Deno.readTextFile(new URL("vectors/schema/operation.schema.json", root)),
  );
  assertEquals(schema.$defs.name.pattern, namePattern);
  fc.assert(fc.property(fc.string(), (text) => {
    if (isName(text)) assert(!/[/\0]/.test(text) && !/^\.*$/.test(text));
  }));
  assertEquals(["f", "P1.10", "a-b_c"].map(isName), [true, true, true]);
  for (const text of ["", ".", "..", "a/b", "a\n", "__proto__", "x".repeat(65)]) {
    assert(!isName(text), text);
  }
});
