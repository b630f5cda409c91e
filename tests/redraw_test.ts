/**
 * What a terminal shows while something goes on.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { createAutomaton } from "../model/check.ts";
import { redraw } from "../vectors/command/redraw.ts";
import { watchTrace } from "../vectors/kernel/check_trace.ts";
import type { SoFar } from "../vectors/kernel/so_far.ts";
import { openTrace } from "../vectors/kernel/open_trace.ts";

/** A terminal, as far as it is used: what stands on its rows, the last of them at the bottom. */
function createTerminal({ columns, rows }: { readonly columns: number; readonly rows: number }) {
  const screen: string[] = [""];
  let [row, column] = [0, 0];
  const feed = (): void => {
    row++;
    if (row === screen.length) screen.push("");
  };
  return {
    write(text: string) {
      // deno-lint-ignore no-control-regex
      for (const [part, up] of text.matchAll(/\x1b\[(\d+)A|\x1b\[K|\x1b\[J|[\s\S]/g)) {
        if (up !== undefined) {
          row = Math.max(row - Number(up), screen.length - rows, 0);
        } else if (part === "\r") column = 0;
        else if (part === "\n") {
          feed();
          column = 0;
        } else if (part === "\x1b[K") screen[row] = (screen[row] ?? "").slice(0, column);
        else if (part === "\x1b[J") screen.length = row + 1;
        else {
          if (column === columns) {
            feed();
            column = 0;
          }
          const line = (screen[row] ?? "").padEnd(column);
          screen[row] = line.slice(0, column) + part + line.slice(column + 1);
          column++;
        }
      }
    },
    screen,
  };
}

Deno.test("of all that was drawn the terminal shows what was drawn last, and nothing above it is lost", () => {
  const line = fc.string({ unit: fc.constantFrom("a", "b", " "), maxLength: 30 });
  const size = fc.record({
    columns: fc.integer({ min: 2, max: 20 }),
    rows: fc.integer({ min: 2, max: 8 }),
  });
  fc.assert(fc.property(fc.array(fc.array(line, { maxLength: 12 })), size, (drawings, size) => {
    const terminal = createTerminal(size);
    terminal.write("$\n");
    let drawn = 1;
    for (const lines of drawings) {
      const next = redraw(lines, drawn, size);
      terminal.write(next.text);
      drawn = next.drawn;
      const [prompt, ...shown] = terminal.screen;
      assertEquals(prompt, "$");
      assertEquals(shown.length, Math.max(1, Math.min(lines.length, size.rows - 1)));
      const whole = lines.length < size.rows;
      for (const [at, text] of lines.slice(0, whole ? shown.length : shown.length - 1).entries()) {
        assertEquals(shown[at], text.slice(0, size.columns - 1));
      }
    }
  }));
});

Deno.test("what is judged so far only grows on a trace that loses nothing, and ends in the verdicts", async () => {
  const path = `${import.meta.dirname}/../vectors/recorded/5.10-mkclean-ext4.trace.txt`;
  const trace = await openTrace(path);
  assert(trace.kind === "trace");
  let last: readonly SoFar[] = [];
  const progress = (_: number, soFar: () => readonly SoFar[]): void => {
    const now = soFar();
    for (const { id, kept, breaches } of last) {
      const next = now.find((each) => each.id === id);
      assert(next !== undefined && next.kept >= kept && next.breaches >= breaches, id);
    }
    last = now;
  };
  const options = { path, kernel: "5.10.262", automaton: createAutomaton(), progress };
  const { invariants } = await watchTrace(trace, options, undefined);
  const broken = invariants.filter(({ verdict }) => verdict === "violated").map(({ id }) => id);
  assertEquals(last.filter(({ breaches }) => breaches > 0).map(({ id }) => id), broken);
});
