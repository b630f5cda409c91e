/**
 * A worker of `check`: judges the files that it is given, one after the other.
 *
 * @module
 */
import { parentPort } from "node:worker_threads";
import { createAutomaton } from "../../model/check.ts";
import { type CheckRequest, judgeFile } from "./check_file.ts";

/** What its files have in common is computed once. */
const automaton = createAutomaton();

parentPort?.on("message", async ({ path, asked }: { path: string; asked: CheckRequest }) => {
  parentPort?.postMessage(await judgeFile(path, asked, automaton));
});
