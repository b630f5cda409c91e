/**
 * From an operation vector as it is written to a draft with its envelope: ids are given, and the model
 * adds schedules and what buggy implementations show.
 *
 * @module
 */
import { observationKey } from "../../../../model/operation/observation.ts";
import type { Bug } from "../../../../model/operation/bugs.ts";
import type { Operation } from "../../../../model/operation/operation.ts";
import type { Process, Scenario } from "../../../../model/operation/scenario.ts";
import { flagOf } from "../../notes.ts";
import {
  askModel,
  capabilitiesOf,
  joinForbidden,
  type OperationBody,
} from "../../../format/operation_vector.ts";
import type { Draft } from "../../../format/vector.ts";
import type { WrittenOperation, WrittenVector } from "./written.ts";

/** A draft, and the bugs of the model that it finds. */
export interface Drafted {
  readonly draft: Draft<OperationBody>;
  readonly kills: readonly Bug[];
  readonly states: number;
}

/** The scenario of a written vector. */
export function scenarioOf({ files, processes }: WrittenVector): Scenario {
  return { files, processes: processes.map(processOf) };
}

function processOf(operations: readonly WrittenOperation[], index: number): Process {
  const name = `P${index + 1}`;
  return { name, operations: operations.map((each, at) => named(each, `${name}.${at + 1}`)) };
}

function named(operation: WrittenOperation, id: string): Operation {
  return { ...operation, id: operation.id ?? id };
}

/**
 * The draft of a written vector.
 *
 * @throws {RangeError} if the model allows something else than the author
 */
export function draftOf(vector: WrittenVector): Drafted {
  const scenario = scenarioOf(vector);
  const { allowed, forbidden, kills, states } = askModel(scenario, vector.configuration);
  const wrong = disagreement(vector, allowed.map(({ observation }) => observationKey(observation)));
  if (wrong !== undefined) throw new RangeError(wrong);
  const { name, system, about, also = [], says, references, configuration } = vector;
  const named = vector.forbidden.map((observation) => ({
    observation,
    invariants: [about] as const,
    schedules: [],
  }));
  return {
    draft: {
      handle: `${about}/${name}`,
      system,
      says,
      invariants: [about, ...also],
      provenance: { kind: "authored", references },
      flags: [about, ...also].map(flagOf),
      capabilities: capabilitiesOf(scenario),
      configuration,
      body: {
        kind: "operation",
        ...scenario,
        allowed,
        forbidden: joinForbidden([...named, ...forbidden]),
      },
    },
    kills,
    states,
  };
}

/** What author and model do not agree on, or undefined. */
export function disagreement(
  { about, name, allowed, forbidden }: WrittenVector,
  found: readonly string[],
): string | undefined {
  const by = new Set(allowed.map(observationKey));
  const model = new Set(found);
  const lists: readonly (readonly [string, readonly string[]])[] = [
    ["only the author allows", [...by].filter((key) => !model.has(key))],
    ["only the model allows", found.filter((key) => !by.has(key))],
    ["forbidden and allowed", forbidden.map(observationKey).filter((key) => by.has(key))],
  ];
  const lines = lists.flatMap(([says, keys]) =>
    keys.length === 0 ? [] : [`${says}: ${keys.map(keyText).join(" | ")}`]
  );
  return lines.length === 0 ? undefined : `${about}/${name}: ${lines.join("; ")}`;
}

function keyText(key: string): string {
  return key === "" ? "all succeed" : key;
}
