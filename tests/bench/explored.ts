/**
 * One run of the explorer on the model of `fault_fsync.ts`, in a process of its own:
 * `explored.ts USERS SYNCERS PAGES` prints counts and peak memory as JSON.
 *
 * @module
 */
import { explore } from "../../model/explore.ts";
import { faultFsync } from "./fault_fsync.ts";

const [users = 0, syncers = 0, pages = 0] = Deno.args.map(Number);
const { states, transitions, complete } = explore(faultFsync(users, syncers, pages));
const peak = /^VmHWM:\s+(\d+) kB/m.exec(Deno.readTextFileSync("/proc/self/status"))?.[1];
console.log(JSON.stringify({ states, transitions, complete, megabytes: Number(peak) / 1e3 }));
