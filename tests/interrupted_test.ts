import { assert, assertEquals } from "@std/assert";
import { conformArguments, driverOf, type Report, run, withFolder } from "./driven_folder.ts";
import { loadsLazily } from "./loads_lazily.ts";
import { elsewhere, isX86Linux } from "./platform.ts";

const root = new URL("../", import.meta.url);
const mark = "PAGESPEC_INTERRUPTED_TEST";

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

async function entries(folder: string): Promise<readonly string[]> {
  return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
}

/** Waits for a condition, 10 s at most. */
async function until(condition: () => Promise<boolean>, what: string): Promise<void> {
  for (let tries = 0; !await condition(); tries++) {
    assert(tries < 100, what);
    await pause(100);
  }
}

/** Starts a program whose processes can be found by their environment. */
function start(args: readonly string[], name: string): Deno.ChildProcess {
  return new Deno.Command("deno", {
    args: [...args],
    cwd: root,
    env: { [mark]: name },
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
}

/** Processes that are left of it. */
async function leftOf(name: string): Promise<string> {
  const found = `grep -lsz "^${mark}=${name}$" /proc/[0-9]*/environ || true`;
  return (await run("sh", "-c", found)).out;
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test({
    name:
      `a run that ${signal} ends leaves a whole report, and neither files nor processes${elsewhere}`,
    ignore: !isX86Linux,
    fn: async () => {
      await withFolder(async (folder) => {
        const conform = ["--only", "COH-6/", "--only", "INV-4/", "--trials", "20000"];
        const alone = ["run", "--no-prompt", loadsLazily, "--allow-read", "--allow-run", "cli.ts"];
        const args = [
          ...alone,
          ...conformArguments(folder, { conform, drive: ["--seconds", "0.4"] }),
        ];
        const running = start(args, folder);
        await until(async () => (await entries(folder)).length > 0, "no driver has begun");
        await pause(1000);
        running.kill(signal);
        const { code, stdout } = await running.output();
        const { results, footer }: Report = JSON.parse(new TextDecoder().decode(stdout));
        assertEquals(code, 2);
        assert((footer.notRun ?? 0) > 0, "it had ended before");
        assertEquals((footer.notRun ?? 0) + results.length, footer.vectors);
        assertEquals(await entries(folder), []);
        await until(async () => await leftOf(folder) === "", "a process is left");
      });
    },
  });

  Deno.test({
    name: `a driver of a folder that ${signal} ends leaves neither files nor processes${elsewhere}`,
    ignore: !isX86Linux,
    fn: async () => {
      await withFolder(async (folder) => {
        const running = start(driverOf(folder).slice(1), folder);
        await until(async () => (await entries(folder)).length > 0, "it has not begun");
        await pause(500);
        running.kill(signal);
        assertEquals((await running.output()).code, 2);
        assertEquals(await entries(folder), []);
        await until(async () => await leftOf(folder) === "", "a process is left");
      });
    },
  });
}
