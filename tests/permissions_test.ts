/**
 * What the tasks of deno.json may do is what README says, and no more than they need.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import deno from "../deno.json" with { type: "json" };

const readme = await Deno.readTextFile(new URL("../README.md", import.meta.url));

/** The permissions of the tasks that run a program, in the order of deno.json. */
const granted = Object.entries(deno.tasks)
  .filter(([, { command }]) => /\bdeno (?:run|test)\b/.test(command))
  .map(([name, { command }]) => [name, command.match(/--allow-\S+/g)?.join(" ") ?? "none"]);

Deno.test("README has the permissions of every task, and why it has them", () => {
  const [, table = ""] =
    /<!-- checked: the permissions in deno\.json -->\n\n(.*?)\n\n/s.exec(readme) ?? [];
  const rows = table.split("\n").slice(2).map((row) =>
    row.split("|").slice(1, -1).map((cell) => cell.trim().replaceAll("`", ""))
  );
  assertEquals(rows.map(([task, permissions]) => [task, permissions]), granted);
  for (const [task, permissions, why] of rows) assert(permissions === "none" || why !== "", task);
});

Deno.test("the model as a driver keeps no permission", async () => {
  const script = `
    import { run } from "./vectors/command/drive.ts";
    await run([]);
    for (const name of ["read", "write", "run", "ffi"]) {
      console.log((await Deno.permissions.query({ name })).state);
    }
  `;
  const child = new Deno.Command("deno", {
    args: ["eval", "--quiet", script],
    cwd: new URL("../", import.meta.url),
    stdin: "null",
  });
  const { stdout } = await child.output();
  const states = new TextDecoder().decode(stdout).trimEnd().split("\n");
  assertEquals(states.length, 4);
  assert(states.every((state) => state !== "granted"), states.join());
});
