import { assertEquals } from "@std/assert";
import { judgeEvents } from "../vectors/format/judge_events.ts";
import { existsIn } from "../model/events/limits.ts";
import { events } from "./bundled_suite.ts";

Deno.test("every event of a vector speaks of what is in its world", () => {
  for (const { handle, bounds, events: all } of events) {
    assertEquals(all.filter((event) => !existsIn(bounds, event)), [], handle);
  }
});

Deno.test("what is not in a world cannot happen to it", () => {
  const bounds = { pages: 2, pmdPages: 2, mappings: 1, tasks: 1 };
  const judge = (event: Parameters<typeof existsIn>[1]) =>
    judgeEvents({ bounds, start: { extent: [2, 2] }, exempt: [], events: [event] }).kind;
  assertEquals(judge({ kind: "call_begin", task: 0, page: 1 }), "judged");
  assertEquals(judge({ kind: "call_begin", task: 0, page: 2 }), "impossible");
  assertEquals(judge({ kind: "call_begin", task: 1, page: 0 }), "impossible");
  const mapped = { kind: "map_page", task: 0, page: 0, order: "pte", access: "read" } as const;
  assertEquals(judge({ ...mapped, mapping: 0 }), "judged");
  assertEquals(judge({ ...mapped, mapping: 1 }), "impossible");
});
