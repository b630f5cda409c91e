/**
 * What a driver leaves that is killed, and who cleans up behind it.
 *
 * @module
 */
import { assertEquals, assertMatch } from "@std/assert";
import { driverOf, withFolder } from "./driven_folder.ts";
import { elsewhere, isX86Linux } from "./platform.ts";

const root = new URL("../", import.meta.url);
const hello = `${JSON.stringify({ kind: "hello", protocol: 1, schema: "1.0" })}\n`;
const bye = `${JSON.stringify({ kind: "bye" })}\n`;

/** A driver of a folder that has said hello. */
async function start(folder: string): Promise<Deno.ChildProcess> {
  const [program = "", ...args] = driverOf(folder);
  const pipes = { stdin: "piped", stdout: "piped", stderr: "piped" } as const;
  const driver = new Deno.Command(program, { args: [...args], cwd: root, ...pipes }).spawn();
  await say(driver, hello);
  const reader = driver.stdout.getReader();
  await reader.read();
  reader.releaseLock();
  return driver;
}

async function say(driver: Deno.ChildProcess, text: string): Promise<void> {
  const writer = driver.stdin.getWriter();
  await writer.write(new TextEncoder().encode(text));
  writer.releaseLock();
}

/** Ends a driver in good order; returns what it wrote to standard error. */
async function end(driver: Deno.ChildProcess): Promise<string> {
  await say(driver, bye);
  await driver.stdin.close();
  const { code, stderr } = await driver.output();
  assertEquals(code, 0);
  return new TextDecoder().decode(stderr);
}

async function names(folder: string): Promise<readonly string[]> {
  return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
}

Deno.test({
  name: `what a killed driver leaves is removed by the next, and nothing else is${elsewhere}`,
  ignore: !isX86Linux,
  fn: async () => {
    await withFolder(async (folder) => {
      await Deno.mkdir(`${folder}/pagespec-notes`);
      const living = await start(folder);
      const withLiving = await names(folder);
      const killed = await start(folder);
      assertEquals((await names(folder)).length, 3);
      killed.kill("SIGKILL");
      await killed.stdin.close();
      await killed.output();
      assertEquals((await names(folder)).length, 3);
      const next = await start(folder);
      assertEquals((await names(folder)).length, 3);
      assertEquals(await end(next), "");
      assertEquals(await names(folder), withLiving);
      assertEquals(await end(living), "");
      assertEquals(await names(folder), ["pagespec-notes"]);
    });
  },
});

Deno.test({
  name: `what may be in use by a driver on another kernel is named, and stays${elsewhere}`,
  ignore: !isX86Linux,
  fn: async () => {
    await withFolder(async (folder) => {
      await Deno.mkdir(`${folder}/pagespec-elsewhere`);
      await Deno.writeTextFile(`${folder}/pagespec-elsewhere/driver`, "another boot\n");
      const said = await end(await start(folder));
      assertMatch(
        said,
        /^pagespec drive: \S+\/pagespec-elsewhere: left by a driver on another kernel/,
      );
      assertEquals(await names(folder), ["pagespec-elsewhere"]);
    });
  },
});
