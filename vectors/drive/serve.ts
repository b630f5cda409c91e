/**
 * The driver's side of the line protocol: answers requests until the runner says bye.
 *
 * @module
 */
import { incomingLines } from "../conform/incoming_lines.ts";
import {
  type Implementation,
  protocolVersion,
  type Question,
  type Reply,
  type Schedule,
} from "../conform/protocol.ts";
import type { Capability } from "../vocabulary.ts";

/** What a driver answers to a question, without the seq. */
export type Answer = Reply extends infer R ? R extends { seq: string } ? Omit<R, "seq"> : never
  : never;

/** What can be driven. */
export interface Driven {
  readonly implementation: Implementation;
  readonly capabilities: readonly Capability[];
  readonly schedules: readonly Schedule["kind"][];
  readonly answer: (vector: Question, schedule: Schedule | undefined) => Answer | Promise<Answer>;
}

interface RunRequest {
  readonly seq: string;
  readonly vector: Question;
  readonly schedule?: Schedule;
}

/** Serves standard input and output; returns the exit status. */
export async function serve(driven: Driven): Promise<number> {
  const { implementation, capabilities, schedules } = driven;
  for await (const line of incomingLines(Deno.stdin.readable)) {
    const request = JSON.parse(line);
    if (request.kind === "bye") return 0;
    if (request.kind === "hello") {
      write({ kind: "hello", protocol: protocolVersion, implementation, capabilities, schedules });
      continue;
    }
    const { seq, vector, schedule }: RunRequest = request;
    write({ ...await driven.answer(vector, schedule), seq });
  }
  return 0;
}

function write(reply: Reply): void {
  const bytes = new TextEncoder().encode(`${JSON.stringify(reply)}\n`);
  for (let done = 0; done < bytes.length;) done += Deno.stdout.writeSync(bytes.subarray(done));
}
