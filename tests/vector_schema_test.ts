import { assert, assertEquals } from "@std/assert";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";

const folder = new URL("../vectors/schema/", import.meta.url);
const names = ["event", "world", "operation", "vector", "suite", "manifest", "kills"];

async function readSchema(name: string) {
  return JSON.parse(await Deno.readTextFile(new URL(`${name}.schema.json`, folder)));
}

const ajv = new Ajv2020({ strict: true, allErrors: false, strictRequired: false });
for (const name of names) ajv.addSchema(await readSchema(name));

function validator(name: string): ValidateFunction {
  const found = ajv.getSchema(`urn:pagespec:${name}:1`);
  if (found === undefined) throw new Error(`no schema ${name}`);
  return found;
}

function assertValid(validate: ValidateFunction, value: unknown, name: string): void {
  const valid = validate(value);
  const [first] = validate.errors ?? [];
  assert(valid, `${name}${first?.instancePath} ${first?.message}`);
}

const suite = new URL("../vectors/suite/", import.meta.url);

async function readFile(name: string) {
  return { name, value: JSON.parse(await Deno.readTextFile(new URL(name, suite))) };
}

const files = await Promise.all(
  (await Array.fromAsync(Deno.readDir(suite))).map(({ name }) => readFile(name)),
);
const suiteFiles = files.filter(({ name }) => /^[A-F]\.json$/.test(name));

Deno.test("every file of the suite is valid under its JSON Schema", () => {
  for (const { name, value } of suiteFiles) assertValid(validator("suite"), value, name);
  for (const which of ["manifest", "kills"]) {
    const file = files.find(({ name }) => name === `${which}.json`);
    assertValid(validator(which), file?.value, which);
  }
  assertEquals(suiteFiles.length, 6);
});

Deno.test("a field more, a field less or another word anywhere in a vector is refused", () => {
  const validate = validator("vector");
  for (const { value: { vectors } } of suiteFiles) {
    for (const kind of ["event", "operation"]) {
      const vector = vectors.find((each: { kind: string }) => each.kind === kind);
      if (vector === undefined) continue;
      assertValid(validate, vector, vector.handle);
      assert(!validate({ ...vector, extra: 1 }), vector.handle);
      assert(!validate({ ...vector, system: "G" }), vector.handle);
      for (const field of Object.keys(vector)) {
        const { [field]: _, ...less } = vector;
        assertEquals(validate(less), field === "stays", `${vector.handle} without ${field}`);
      }
    }
  }
});

Deno.test("the schema of events knows the kinds of the alphabet, and no others", async () => {
  const { properties, oneOf, $defs } = await readSchema("event");
  const declared = await Array.fromAsync(kindsOf("../model/events/"));
  const kinds = [...declared.flat(), ...await kindsIn("../model/event.ts")].sort();
  assertEquals([...properties.kind.enum].sort(), kinds);
  assertEquals(oneOf.map(({ $ref }: { $ref: string }) => $ref.split("/").at(-1)).sort(), kinds);
  for (const kind of kinds) assertEquals($defs[kind].properties.kind.const, kind);
});

async function* kindsOf(directory: string): AsyncGenerator<readonly string[]> {
  for await (const { name } of Deno.readDir(new URL(directory, import.meta.url))) {
    yield await kindsIn(directory + name);
  }
}

async function kindsIn(path: string): Promise<readonly string[]> {
  const text = await Deno.readTextFile(new URL(path, import.meta.url));
  return [...text.matchAll(/^ {2}readonly kind: "(\w+)";$/gm)].map(([, kind = ""]) => kind);
}

Deno.test("every field of an event that some vector carries is one that the schema tells of", async () => {
  const { $defs } = await readSchema("event");
  let checked = 0;
  for (const { value: { vectors } } of suiteFiles) {
    for (const { events = [] } of vectors) {
      for (const event of events) {
        const told = Object.keys($defs[event.kind].properties);
        for (const field of Object.keys(event)) assert(told.includes(field), event.kind);
        checked++;
      }
    }
  }
  assert(checked > 1000);
});
