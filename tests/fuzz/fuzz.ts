/**
 * `deno task fuzz [--cases N] [--seed N] [--only TEXT] [--invariant TEXT]`: takes evidence from recordings at random, and
 * looks whether a verdict becomes stronger by it. It ends with status 1 if one does.
 *
 * Recordings of more than 1,500 records come as windows, which are judged as if they were all that was
 * recorded. A single line or a gap,
 * of all lines or those of a task or CPU, is taken out with the count of the header as it was, or with none. To
 * lower the count as well would be to forge the text of another run; for a whole writeback pass, say, no
 * reader can tell the two apart. `cases.ts` says what is tried.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { caseOf, chanceOf } from "./cases.ts";
import { brokenLaw, judge } from "./law.ts";
import { readRecordings } from "./recordings.ts";
import { without } from "./removal.ts";
import type { TraceResult } from "../../vectors/kernel/check_trace.ts";

const { values } = parseArgs({
  options: {
    cases: { type: "string", default: "300000" },
    seed: { type: "string", default: "1" },
    only: { type: "string", default: "" },
    invariant: { type: "string", default: "" },
  },
});
const cases = Number(values.cases);
const seed = Number(values.seed);
if (!Number.isSafeInteger(cases) || !Number.isSafeInteger(seed)) {
  console.error("fuzz: expected whole numbers behind --cases and --seed");
  Deno.exit(2);
}
const all = (await readRecordings("all")).filter(({ name }) => name.includes(values.only));
const judged = new Map<string, TraceResult>();
for (const recording of all) judged.set(recording.name, await judge(recording));

const chance = chanceOf(seed);
const began = performance.now();
/** Broken laws shown; more are counted. */
const mostShown = 50;
const count = { added: 0, flipped: 0 };
const byKind = new Map<string, number>();
for (let n = 1; n <= cases; n++) {
  const { recording, removal, says } = caseOf(all, chance);
  const part = without(recording, removal, says);
  const whole = judged.get(recording.name);
  if (whole === undefined) continue;
  const left = new Set(part.records.map(({ line }) => line));
  for (const broken of brokenLaw(whole, await judge(part), left)) {
    if (!broken.id.includes(values.invariant)) continue;
    count[broken.kind]++;
    const kind = `${broken.kind} ${broken.id}, without a ${removal.kind}, header: ${says}`;
    byKind.set(kind, (byKind.get(kind) ?? 0) + 1);
    if (count.added + count.flipped > mostShown) continue;
    console.log(
      `${broken.kind} ${broken.id} at line ${broken.line} of ${recording.name}: ` +
        `${JSON.stringify(removal)}, header: ${says}`,
    );
  }
  if (n % 1000 === 0) {
    const rate = n / (performance.now() - began) * 1000;
    const left = Math.round((cases - n) / rate);
    const line =
      `${n} of ${cases} cases, ${count.added} added, ${count.flipped} flipped, ${left} s left`;
    Deno.stderr.writeSync(new TextEncoder().encode(`\r${line}  `));
  }
}
console.error("");
for (const [kind, many] of [...byKind].sort(([, one], [, other]) => other - one)) {
  console.log(`${many} ${kind}`);
}
console.log(
  `${cases} cases of ${all.length} recordings with seed ${seed}: ` +
    `${count.added} added breaches, ${count.flipped} flips, ` +
    `${Math.round((performance.now() - began) / 1000)} s`,
);
Deno.exit(count.added + count.flipped === 0 ? 0 : 1);
