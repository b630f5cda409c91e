import { assert, assertEquals } from "@std/assert";
import { readWhole } from "./read_text.ts";

Deno.test("the differences that trace-cmd report --ts-diff prints are skipped", async () => {
  const { records: [record, ...more] } = await readWhole(
    "           procA-227   [000]    19.508052: (+12)     a: b\n",
  );
  assert(record?.kind === "tracepoint" && more.length === 0);
  assertEquals([record.name, record.body], ["a", "b"]);
});
