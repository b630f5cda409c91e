/**
 * How long a line of a driver may be: what is longer is refused, and not kept.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { DriverProcess } from "../vectors/conform/driver_process.ts";
import { longestLine } from "../vectors/conform/protocol.ts";
import { vectors } from "./bundled_suite.ts";

/** A driver that says one line of so many characters, and goes on with another. */
function saying(characters: number): DriverProcess {
  const line = `head -c ${characters} /dev/zero | tr '\\0' x; echo; echo more; cat`;
  return new DriverProcess(["sh", "-c", line], () => {});
}

Deno.test("an answer of 20,000 trials fits, each with three of the suite's longest observations", () => {
  const lengths = vectors.flatMap((vector) =>
    vector.kind !== "operation"
      ? []
      : [...vector.allowed, ...vector.forbidden].map(({ observation }) =>
        JSON.stringify({ observation, count: 1 }).length
      )
  );
  assert(20_000 * 3 * Math.max(...lengths) < longestLine);
});

Deno.test("a line as long as the protocol allows is read", async () => {
  await using driver = saying(longestLine);
  const received = await driver.receive(20_000);
  assertEquals(received.kind, "line");
  assertEquals(received.kind === "line" ? received.line.length : 0, longestLine);
  assertEquals(await driver.receive(20_000), { kind: "line", line: "more" });
});

Deno.test("a line of one character more is refused, wherever its end comes", async () => {
  await using driver = saying(longestLine + 1);
  assertEquals(await driver.receive(20_000), { kind: "endless" });
  assertEquals(await driver.receive(20_000), { kind: "endless" });
});
