/**
 * What fits is not called a misfit, and nobody is asked for what was told.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import type { TraceResult } from "../vectors/kernel/check_trace.ts";
import { whyText } from "../vectors/kernel/why_text.ts";
import {
  begun,
  cleans,
  counted,
  done,
  enter,
  faultBegins,
  faultEnds,
  fsync,
  range,
  returns,
} from "./dax_lines.ts";
import { judgeLines } from "./judge_text.ts";

/** Kinds of the reasons for which something is undecided. */
function reasons(result: TraceResult | undefined): readonly string[] {
  return (result?.invariants ?? []).flatMap(({ why }) => why === undefined ? [] : [why.kind]);
}

const misfits = ["misfit", "fits_marking_kernels", "departs"];

Deno.test("a fault may have taken effect before its page was cleaned, though it ends after", async () => {
  const slow = { pid: 20, page: 9, write: true } as const;
  const again = { ...slow, found: "protected" } as const;
  const lines = [
    ...begun(),
    ...faultBegins(slow),
    ...fsync(10, 5, 9),
    faultEnds(slow),
    ...faultBegins(again),
    faultEnds(again),
    ...fsync(20, 9),
  ];
  const result = await judgeLines(counted(lines), "7.3.4");
  assertEquals(reasons(result).filter((kind) => misfits.includes(kind)), []);
});

Deno.test("a pass that began first may give its mark last, and the next cleans what is clean", async () => {
  const lines = [
    ...begun(),
    ...enter(20),
    range(20),
    ...enter(10),
    range(10),
    done(20),
    returns(20),
    cleans(10, 5),
    done(10),
    returns(10),
    ...fsync(20, 5),
  ];
  const result = await judgeLines(counted(lines), "7.3.4");
  assertEquals(reasons(result).filter((kind) => misfits.includes(kind)), []);
});

Deno.test("who has told the kernel is not asked for it", async () => {
  const lines = counted([...begun(), ...fsync(10, 5), ...fsync(10, 5)]);
  const asks = async (kernel: string | undefined): Promise<boolean> =>
    (await judgeLines(lines, kernel))?.invariants.some(({ why }) =>
      whyText(why).includes("--kernel")
    ) ?? false;
  assert(await asks(undefined), "the last pass fits a kernel whose read faults mark");
  for (const kernel of ["6.12.107", "7.3.4"]) assert(!await asks(kernel), kernel);
});
