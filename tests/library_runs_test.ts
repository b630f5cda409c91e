import { assert, assertEquals, assertLess, assertMatch } from "@std/assert";
import fc from "fast-check";
import { chanceFrom } from "../model/operation/chance.ts";
import type { Operation } from "../model/operation/operation.ts";
import type { Process } from "../model/operation/scenario.ts";
import {
  type Answer,
  fileSystem,
  type OperationOf,
  type Performed,
  type Question,
  type RunningFileSystem,
  type Schedule,
} from "../vectors/conform/library.ts";
import { walkAlong, walkAtRandom } from "../vectors/conform/library/walk.ts";

/** How a method is written. */
const styles = ["value", "generator", "promise", "async generator"] as const;
type Style = typeof styles[number];

const nothing = { open() {}, close() {}, pread: () => [], pwrite() {}, ftruncate() {} } as const;

/** A file system in which a sync call notes when it begins and ends, and takes some steps. */
function recorder(styleOf: (id: string) => Style) {
  const log: string[] = [];
  const sync = ({ id }: Operation): Performed => {
    log.push(`${id} begins`);
    const end = (): void => void log.push(`${id} ends`);
    switch (styleOf(id)) {
      case "value":
        return end();
      case "generator":
        return (function* () {
          yield;
          yield;
          end();
        })();
      case "promise":
        return Promise.resolve().then(end);
      case "async generator":
        return (async function* () {
          yield await Promise.resolve();
          end();
        })();
    }
  };
  const system: RunningFileSystem = { ...nothing, fsync: sync, fdatasync: sync, crash() {} };
  return { log, system };
}

/** Up to three processes; an operation may wait for one of an earlier process. */
const programs = fc.array(
  fc.array(
    fc.record({
      kind: fc.constantFrom("fsync" as const, "fdatasync" as const),
      waits: fc.option(fc.nat(9)),
      style: fc.constantFrom(...styles),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  { minLength: 1, maxLength: 3 },
).map((drafts) => {
  const style = new Map<string, Style>();
  const earlier: string[] = [];
  const processes = drafts.map((operations, number): Process => {
    const before = [...earlier];
    return {
      name: `P${number}`,
      operations: operations.map(({ kind, waits, style: each }, at) => {
        const id = `P${number}.${at}`;
        style.set(id, each);
        earlier.push(id);
        const waited = waits === null ? undefined : before[waits];
        return { id, kind, fd: "a", ...(waited === undefined ? {} : { after: [waited] }) };
      }),
    };
  });
  return { processes, style };
});

Deno.test("operations of a process run in their order, each after what it waits for, and all to their end", async () => {
  await fc.assert(
    fc.asyncProperty(
      programs,
      fc.nat(),
      fc.array(fc.constantFrom("P0.0 a", "P1.1 b", "P2.0 c", "kernel d", "none e")),
      async ({ processes, style }, seed, steps) => {
        for (
          const walk of [
            (system: RunningFileSystem) =>
              walkAtRandom(system, { files: {}, processes }, chanceFrom(seed)),
            (system: RunningFileSystem) => walkAlong(system, { files: {}, processes }, steps),
          ]
        ) {
          const { log, system } = recorder((id) => style.get(id) ?? "value");
          const run = await walk(system);
          assertEquals(run.hangs, false);
          for (const { operations } of processes) {
            for (const [at, { id, after = [] }] of operations.entries()) {
              assertEquals(run.observation[id], 0);
              const before = [...after, ...at === 0 ? [] : [operations[at - 1]?.id ?? ""]];
              assert(log.includes(`${id} ends`));
              for (const each of before) {
                assertLess(log.indexOf(`${each} ends`), log.indexOf(`${id} begins`));
              }
            }
          }
        }
      },
    ),
    { numRuns: 200, seed: 1 },
  );
});

Deno.test("between two steps of a generator, another process can run", async () => {
  const seen = new Set<string>();
  for (let seed = 0; seed < 50; seed++) {
    const { log, system } = recorder(() => "generator");
    const processes: readonly Process[] = ["A", "B"].map((name) => ({
      name,
      operations: [{ id: name, kind: "fsync", fd: name }],
    }));
    await walkAtRandom(system, { files: {}, processes }, chanceFrom(seed));
    seen.add(log.join(", "));
  }
  assert(seen.has("A begins, A ends, B begins, B ends"));
  assert(seen.has("A begins, B begins, B ends, A ends"));
});

/** A question about processes that each do what is given. */
function question(...processes: readonly (readonly Operation[])[]): Question {
  return {
    kind: "operation",
    id: "000000000000",
    handle: "X/x",
    capabilities: [],
    configuration: { cache: "any", stableWrites: "any", blocks: "any" },
    files: { f: { size: 4096, extents: [] } },
    processes: processes.map((operations, at) => ({ name: `P${at}`, operations })),
  };
}

/** The one observation of a question, or why there is none. */
async function observe(
  system: Partial<RunningFileSystem>,
  asked: Question,
  schedule: Schedule = { kind: "sampled", trials: 1, seed: 1 },
): Promise<unknown> {
  const driver = fileSystem({
    name: "x",
    capabilities: [],
    start: () => ({ ...nothing, fsync() {}, fdatasync() {}, ...system }),
  });
  const answer: Answer = await driver.answer(asked, schedule);
  if (answer.kind !== "outcome") return answer;
  return answer.observations[0]?.observation;
}

const fsync: Operation = { id: "s", kind: "fsync", fd: "a" };

Deno.test("a result may be nothing, a number, bytes or runs of them, a failure, or an error with its code", async () => {
  const read: Operation = { id: "r", kind: "pread", fd: "a", offset: 0, length: 4 };
  const write: Operation = { id: "w", kind: "pwrite", fd: "a", offset: 0, length: 4 };
  const eio = Object.assign(new Error("the device is gone"), { code: "EIO" });
  const results: readonly (readonly [Partial<RunningFileSystem>, Operation, unknown])[] = [
    [{ pwrite() {} }, write, { w: 4 }],
    [{ pwrite: () => 2 }, write, { w: 2 }],
    [{ pread: () => new Uint8Array([7, 7, 8]) }, read, { r: [[2, 7], [1, 8]] }],
    [{ pread: () => new Uint8Array() }, read, { r: [] }],
    [{ pread: () => [[1, 7], [1, 7]] }, read, { r: [[2, 7]] }],
    [{ fsync: () => "ENOSPC" }, fsync, { s: "ENOSPC" }],
    [{ fsync: () => Promise.reject(eio) }, fsync, { s: "EIO" }],
  ];
  for (const [system, operation, expected] of results) {
    assertEquals(await observe(system, question([operation])), expected);
  }
});

Deno.test("what is no result is a mistake of the implementation, and says which operation made it", async () => {
  const load: OperationOf<"load"> = { id: "l", kind: "load", mapping: "A", offset: 0 };
  const mistakes: readonly (readonly [Partial<RunningFileSystem>, Operation, string])[] = [
    [{ load() {} }, load, "load (l): expected the byte that was loaded"],
    [{}, load, "there is no load()"],
    [{ fsync: () => 0.5 }, fsync, "fsync (s): expected a number, bytes or a failure, not 0.5"],
    [
      {
        fsync: () => {
          throw new TypeError("no page");
        },
      },
      fsync,
      "fsync (s): TypeError: no page",
    ],
  ];
  for (const [system, operation, why] of mistakes) {
    assertEquals(await observe(system, question([operation])), { kind: "errored", why });
  }
});

Deno.test("a crash cuts what others do and what they would have done, and its process goes on", async () => {
  const [crash, later]: readonly Operation[] = [{ id: "c", kind: "crash" }, { ...fsync, id: "z" }];
  assert(crash !== undefined && later !== undefined);
  const asked = question([crash, later], [fsync, { ...fsync, id: "t" }]);
  const steps = ["s begin", "c crash", "s end", "z sync"];
  const system: Partial<RunningFileSystem> = {
    fsync: function* () {
      yield;
    },
    crash() {},
  };
  assertEquals(await observe(system, asked, { kind: "forced", steps }), {
    s: "cut",
    t: "cut",
    c: 0,
    z: 0,
  });
});

Deno.test("a process that SIGBUS kills does nothing more, and what waits for it goes on", async () => {
  const asked = question(
    [{ id: "l", kind: "load", mapping: "A", offset: 0 }, fsync],
    [{ ...fsync, id: "t", after: ["s"] }],
  );
  const observed = await observe({ load: () => "SIGBUS" }, asked);
  assertEquals(observed, { l: "SIGBUS", s: "cut", t: 0 });
});

Deno.test("what waits for ever hangs, and what would have followed is cut", async () => {
  const asked = question([fsync, { ...fsync, id: "t" }], [{ ...fsync, id: "u", after: ["t"] }]);
  const waits: Partial<RunningFileSystem> = {
    fsync: function* () {
      while (true) yield;
    },
  };
  assertEquals(await observe(waits, asked), { s: "hang", t: "cut", u: "cut" });
});

Deno.test("the kernel writes back, reclaims and commits unasked, where a schedule says so by name", async () => {
  const log: string[] = [];
  const system: Partial<RunningFileSystem> = {
    fsync: function* () {
      log.push("fsync begins");
      yield;
      log.push("fsync ends");
    },
    writeBack: function* (file, page) {
      log.push(`writes back ${file} ${page}`);
      yield;
      log.push("has written back");
    },
    reclaim: (file, page) => void log.push(`reclaims ${file} ${page}`),
    commit: () => void log.push("commits"),
  };
  const write: Operation = { id: "w", kind: "pwrite", fd: "a", offset: 4096, length: 1, value: 1 };
  const steps = ["s begin", "kernel writes back f page 1", "kernel writes back f page 1"];
  const more = ["kernel reclaims f page 1", "kernel commits", "s return"];
  await observe(system, question([write], [fsync]), { kind: "forced", steps: [...steps, ...more] });
  assertMatch(log.join("\n"), /^fsync begins\nwrites back f 1\nhas written back\nreclaims f 1\n/);
  assertMatch(log.join("\n"), /\ncommits\nfsync ends$/);
});
