/**
 * A driver that misbehaves in the way that its argument names, for the tests of the runner. It answers
 * well until the second vector. `says` answers every vector with the JSON of the next argument.
 *
 * @module
 */
import { incomingLines } from "../vectors/conform/incoming_lines.ts";
import { capabilities } from "../vectors/format/vocabulary.ts";

const [manner = "", said = "{}"] = Deno.args;

function write(text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let done = 0; done < bytes.length;) done += Deno.stdout.writeSync(bytes.subarray(done));
}

const say = (value: unknown): void => write(`${JSON.stringify(value)}\n`);

/** Holds standard output and standard error open for as long as it lives, in a session of its own or not. */
function child(program: string, ...args: readonly string[]): string {
  const pipes = { stdout: "inherit", stderr: "inherit" } as const;
  const { pid } = new Deno.Command(program, { args: [...args], ...pipes }).spawn();
  return String(pid);
}

const details = manner === "leaves-a-child"
  ? child("sleep", "1000")
  : manner === "leaves-a-daemon"
  ? child("setsid", "sleep", "30")
  : manner;

const names: Readonly<Record<string, string>> = {
  nameless: "",
  "two-lines": "hostile\nok 1",
  escapes: "\u001b[2J\nok 1",
};

const hello = {
  kind: "hello",
  protocol: manner === "other-protocol" ? 2 : 1,
  implementation: {
    name: names[manner] ?? "hostile",
    version: "1",
    details,
  },
  capabilities: [
    ...Object.keys(capabilities),
    ...manner === "other-capability" ? ["time_travel"] : [],
  ],
  schedules: ["sampled"],
};

function answer(seq: string, asked: number): void {
  if (manner === "escapes") {
    console.error("\u001b[2J on standard error");
    return say({ kind: "skipped", seq, why: "\u009b31m\u202e\nok 2 forged # SKIP ]]>\ufffe" });
  }
  if (manner === "says") return say({ ...JSON.parse(said), seq });
  const good = { kind: "verdict", seq, verdict: { kind: "accepted" } };
  if (asked !== 2) return say(good);
  switch (manner) {
    case "garbage":
      return write("\u0000\u001b[31m{not json\n");
    case "half-a-line":
      write(JSON.stringify(good).slice(0, 30));
      Deno.exit(0);
      return;
    case "wrong-seq":
      return say({ ...good, seq: "1" });
    case "no-seq":
      return say({ kind: "verdict", verdict: { kind: "accepted" } });
    case "silence":
      return;
    case "exit":
      Deno.exit(3);
      return;
    case "signal":
      Deno.kill(Deno.pid, "SIGKILL");
      return;
    case "long-line":
      return say({ ...good, padding: "x".repeat(2 << 20) });
    case "endless-line":
      for (let megabytes = 0; megabytes < 1024; megabytes++) write("x".repeat(1 << 20));
      return;
    case "hello-again":
      return say(hello);
    case "other-kind":
      return say({ kind: "outcome", seq, observations: [{ observation: {}, count: 1 }] });
    case "array":
      return say([good]);
    case "two-lines":
      return say({ kind: "skipped", seq, why: "no\nok 2 pass\u001b[2J\u0000" });
    case "two-replies":
      say(good);
      return say(good);
    default:
      return say(good);
  }
}

if (manner === "no-hello") Deno.exit(0);
if (manner === "ignores-sigterm") Deno.addSignalListener("SIGTERM", () => {});
let asked = 0;
for await (const line of incomingLines(Deno.stdin.readable)) {
  const request = JSON.parse(line);
  if (request.kind === "hello") say(manner === "odd-hello" ? { kind: "hello" } : hello);
  else if (request.kind === "run") answer(request.seq, ++asked);
  else if (manner === "talks-after-bye") say({ kind: "bye" });
  else if (manner === "fails-after-bye") Deno.exit(7);
  else if (["stays-after-bye", "ignores-sigterm"].includes(manner)) {
    await new Promise((resolve) => setTimeout(resolve, 1e6));
  } else if (manner.startsWith("leaves-a-")) Deno.exit(0);
  else break;
}
