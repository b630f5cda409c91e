import { assertEquals } from "@std/assert";
import { createProjections } from "../model/check/projection.ts";
import { everyProjection } from "./every_projection.ts";

Deno.test("equal projections are one object, and no two others are", () => {
  const seen = createProjections();
  const all = [...everyProjection()];
  const numbers = new Set(all.map((each) => seen(each).number));
  assertEquals(numbers.size, all.length);
  for (const each of all) assertEquals(seen({ ...each }).projection, each);
});
