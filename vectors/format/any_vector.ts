/**
 * The kinds of vector together.
 *
 * @module
 */
import type { EventVector } from "./event_vector.ts";
import type { OperationVector } from "./operation_vector.ts";

/** A vector of either kind. */
export type AnyVector = EventVector | OperationVector;
