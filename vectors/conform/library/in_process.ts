/**
 * A driver that is an object of this process, as it is asked.
 *
 * @module
 */
import type { AskedDriver, Unanswered } from "../ask.ts";
import { decodeAnswer, decodeHello } from "../decode_reply.ts";
import type { Driver } from "../driver.ts";
import { type Answer, protocolVersion } from "../protocol.ts";

/** What is wrong with a driver, or undefined. */
export function mistakeIn(
  { name, version = "unknown", capabilities, schedules }: Driver,
): string | undefined {
  const implementation = { name, version };
  const hello = { protocol: protocolVersion, implementation, capabilities, schedules };
  const decoded = decodeHello(hello);
  return decoded.kind === "unreadable" ? `expected ${decoded.expected}` : undefined;
}

/** The driver, asked with a time limit. A call that never gives the processor back cannot be limited. */
export function askedInProcess(driver: Driver): AskedDriver {
  const { capabilities, schedules, declines } = driver;
  return {
    capabilities,
    schedules,
    declines: declines === undefined ? undefined : (vector) => driver.declines?.(vector),
    answer: async (vector, schedule, milliseconds) => {
      const why = `no answer in ${Math.ceil(milliseconds / 1000)} s`;
      let timer: ReturnType<typeof setTimeout> | undefined;
      const late = new Promise<Unanswered>((resolve) => {
        timer = setTimeout(() => resolve({ kind: "lost", why }), Math.max(0, milliseconds));
      });
      try {
        const answered = Promise.resolve(driver.answer(vector, schedule)).then(decoded);
        return await Promise.race([answered, late]);
      } catch (error) {
        return { kind: "errored", why: sentenceOf(error) };
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

/** An answer in JavaScript may be anything. */
function decoded(value: Answer): Answer | Unanswered {
  const answer = decodeAnswer(value);
  return answer.kind === "unreadable"
    ? { kind: "lost", why: `expected ${answer.expected}` }
    : answer;
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
