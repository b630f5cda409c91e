/**
 * `pagespec record -- COMMAND`: records a command on this machine, and judges the trace.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { record } from "../kernel/recording/record.ts";
import { run as check } from "./check.ts";
import { askedOf, checkOptions, idleOption } from "./check_options.ts";
import { complain } from "./output.ts";

/** Runs the verb; returns its exit status. */
export async function run(args: readonly string[]): Promise<number> {
  const end = args.indexOf("--");
  const command = end === -1 ? [] : args.slice(end + 1);
  const { values, positionals, tokens } = parseArgs({
    args: [...(end === -1 ? args : args.slice(0, end))],
    allowPositionals: true,
    tokens: true,
    options: {
      dir: { type: "string" },
      output: { type: "string" },
      format: checkOptions.format,
      unjudged: { type: "boolean", default: false },
    },
  });
  if (command.length === 0 || positionals.length > 0) {
    return refuse("expected `-- COMMAND` after the options");
  }
  const options = idleOption(tokens) ?? askedOf({ format: values.format });
  if (typeof options === "string") return refuse(options);
  const output = values.output ?? "pagespec.trace.txt";
  const recorded = await record({ command, folder: values.dir, output });
  if (recorded.kind === "refused") return refuse(recorded.why);
  if (recorded.failed !== undefined) return refuse(`cannot run ${command[0]}: ${recorded.failed}`);
  const { read, lost } = recorded.counts;
  const losses = lost === 0 ? "none lost" : `${lost} lost: record less of the run at a time`;
  complain(`pagespec record: ${output}: ${read} events, ${losses}`);
  const { asked, refused } = recorded.probes;
  if (refused.length > 0) {
    const first = refused.slice(0, 3).join(", ");
    const others = refused.length > 3 ? ` and ${refused.length - 3} more` : "";
    complain(
      `pagespec record: this kernel took ${
        asked - refused.length
      } of ${asked} probes, so less is ` +
        `decided; missing in the trace's header: ${first}${others}`,
    );
  }
  if (recorded.status !== 0) {
    complain(`pagespec record: the command ended with status ${recorded.status}`);
  }
  return values.unjudged ? 0 : await check(["--format", values.format, output]);
}

function refuse(why: string): number {
  complain(`pagespec record: ${why}`);
  return 2;
}
