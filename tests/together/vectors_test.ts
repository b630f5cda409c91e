/** The suite, what its vectors say, and the two models that they come from. */
import { together } from "../together.ts";

await together(
  "bound_models",
  "operation_model",
  "semantics",
  "event_vectors",
  "vector_schema",
  "counterparts",
  "vectors_command",
);
