/**
 * A judge in another language, which knows nothing but the chapters, judges every event vector as it is
 * to be judged.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { Ajv2020 } from "ajv/dist/2020.js";
import { worldsOf } from "../vectors/format/event_worlds.ts";
import { events } from "./bundled_suite.ts";
import { hasPython } from "./platform.ts";

const python = await hasPython();

/** What the judge answers to these lines. */
async function answers(lines: readonly string[]): Promise<readonly string[]> {
  const child = new Deno.Command("python3", {
    args: ["vectors/examples/judge.py"],
    cwd: new URL("../", import.meta.url),
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  const sent = writer.write(new TextEncoder().encode(`${lines.join("\n")}\n`))
    .then(() => writer.close());
  const { stdout } = await child.output();
  await sent;
  return new TextDecoder().decode(stdout).trimEnd().split("\n");
}

Deno.test({
  name: `judge.py, by the tables of the chapters alone, agrees with every event vector${
    python ? "" : ": no python3 here"
  }`,
  ignore: !python,
  fn: async () => {
    const hello = JSON.stringify({ kind: "hello", protocol: 1, schema: "1.0" });
    const asked = events.map(({ verdict: _, ...vector }, index) =>
      JSON.stringify({ kind: "run", seq: String(index), vector })
    );
    const [greeting, ...told] = await answers([hello, ...asked, JSON.stringify({ kind: "bye" })]);
    assertEquals(JSON.parse(greeting ?? "").capabilities, ["events", "pmd", "private_mmap"]);
    for (const [index, { handle, verdict }] of events.entries()) {
      const { seq, verdict: answer } = JSON.parse(told[index] ?? "");
      assertEquals(seq, String(index));
      const inOrder = (each: typeof verdict) =>
        each.kind === "rejected"
          ? {
            ...each,
            implied: each.implied.toSorted((a, b) => a.invariant < b.invariant ? -1 : 1),
          }
          : each;
      assertEquals(inOrder(answer), inOrder(verdict), handle);
    }
    assertEquals(told.length, events.length);
  },
});

Deno.test("the worlds of a vector are its start and one after each event, valid under their schema", async () => {
  const read = async (name: string) =>
    JSON.parse(
      await Deno.readTextFile(new URL(`../vectors/schema/${name}.schema.json`, import.meta.url)),
    );
  const ajv = new Ajv2020({ strict: true, strictRequired: false });
  for (const name of ["event", "world"]) ajv.addSchema(await read(name));
  const validate = ajv.compile(await read("world_line"));
  for (const vector of events.filter((_, index) => index % 20 === 0)) {
    const worlds = worldsOf(vector);
    assertEquals(worlds.length, vector.events.length + 1, vector.handle);
    assertEquals(worlds[0]?.world, vector.start, vector.handle);
    for (const world of worlds) {
      assertEquals(
        validate(JSON.parse(JSON.stringify(world))),
        true,
        JSON.stringify(validate.errors),
      );
    }
  }
});
