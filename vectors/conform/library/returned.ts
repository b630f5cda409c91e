/**
 * What a call returned, as an observation has it.
 *
 * @module
 */
import { type Bytes, joinBytes, type Result } from "../../../model/operation/observation.ts";
import type { Operation } from "../../../model/operation/operation.ts";
import { isResult } from "../decode_reply.ts";
import type { CallEnd } from "./activity.ts";
import { Mistake } from "./mistake.ts";

/**
 * The result of an operation.
 *
 * @throws {Mistake} if it returned nothing that an operation can, or threw what has no name as a failure
 */
export function resultOf(operation: Operation, ended: CallEnd): Result {
  const where = `${operation.kind} (${operation.id})`;
  if (ended.kind === "threw") return failureOf(ended.error, where);
  const { returned } = ended;
  if (returned === undefined) return fullSuccess(operation, where);
  const result = returned instanceof Uint8Array ? runsOf(returned) : returned;
  if (!isResult(result)) {
    throw new Mistake(`${where}: expected a number, bytes or a failure, not ${String(result)}`);
  }
  return typeof result === "object" ? joinBytes(result) : result;
}

/** The failure that an error stands for. */
function failureOf(error: unknown, where: string): Result {
  if (error instanceof Mistake) throw error;
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (typeof code === "string" && isResult(code)) return code;
  const says = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  throw new Mistake(`${where}: ${says}`, { cause: error });
}

/** What an operation returns that did all that it was asked. */
function fullSuccess(operation: Operation, where: string): number {
  switch (operation.kind) {
    case "pwrite":
      return operation.length;
    case "pread":
      if (operation.into !== undefined) return operation.length;
      throw new Mistake(`${where}: expected the bytes that were read`);
    case "load":
      throw new Mistake(`${where}: expected the byte that was loaded`);
    default:
      return 0;
  }
}

function runsOf(bytes: Uint8Array): readonly Bytes[] {
  const runs: Bytes[] = [];
  let from = 0;
  for (let at = 1; at <= bytes.length; at++) {
    if (at < bytes.length && bytes[at] === bytes[from]) continue;
    runs.push([at - from, bytes[from] ?? 0]);
    from = at;
  }
  return runs;
}
