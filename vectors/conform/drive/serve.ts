/**
 * The driver's side of the line protocol: answers requests until the runner says bye.
 *
 * @module
 */
import { incomingLines } from "../incoming_lines.ts";
import type { Driver } from "../driver.ts";
import {
  type Answer,
  protocolVersion,
  type Question,
  type Reply,
  type Schedule,
} from "../protocol.ts";

interface RunRequest {
  readonly seq: string;
  readonly vector: Question;
  readonly schedule?: Schedule;
}

/**
 * Serves standard input and output until the runner says bye or is gone; undefined then, or one line
 * that says what was no request.
 */
export async function serve(driver: Driver): Promise<string | undefined> {
  const { name, version = "unknown", details, capabilities, schedules } = driver;
  const implementation = { name, version, ...(details === undefined ? {} : { details }) };
  let number = 0;
  for await (const line of incomingLines(Deno.stdin.readable)) {
    number++;
    const request = parsed(line);
    if (request?.kind === "bye") return undefined;
    if (request?.kind === "hello") {
      write({ kind: "hello", protocol: protocolVersion, implementation, capabilities, schedules });
    } else if (request?.kind === "run" && typeof request.seq === "string") {
      write({ ...await answerOf(driver, request), seq: request.seq });
    } else return `standard input, line ${number}: expected hello, run with a seq, or bye`;
  }
  return undefined;
}

/** What the driver answers; what it cannot make sense of is errored, and not its end. */
async function answerOf(driver: Driver, { vector, schedule }: RunRequest): Promise<Answer> {
  try {
    const why = driver.declines?.(vector);
    if (why !== undefined) return { kind: "skipped", why };
    return await driver.answer(vector, schedule);
  } catch (error) {
    return { kind: "errored", why: error instanceof Error ? error.message : String(error) };
  }
}

/** The request of a line: its kind is looked at, and the rest is the runner's word. */
function parsed(line: string): ({ readonly kind?: unknown } & RunRequest) | undefined {
  try {
    return JSON.parse(line) ?? undefined;
  } catch {
    return undefined;
  }
}

function write(reply: Reply): void {
  const bytes = new TextEncoder().encode(`${JSON.stringify(reply)}\n`);
  for (let done = 0; done < bytes.length;) done += Deno.stdout.writeSync(bytes.subarray(done));
}
