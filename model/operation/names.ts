/**
 * Names of files: rename, link, and fsync of the folder. A file that is synced keeps its bytes whatever
 * becomes of its names, and a name that is given anew is the old file or the new one, each whole.
 * Sources: rename(2), "atomically replaced"; fstests generic/056 and generic/322.
 *
 * @module
 */
import { flushDevice } from "./folio.ts";
import type { OperationOf } from "./operation.ts";
import { type Program, step, succeed, type Turn } from "./program.ts";
import { meetsBug, NO_FILE } from "./world.ts";

/**
 * Number of the name.
 *
 * @throws {RangeError} if no file of the scenario has it
 */
function numberOf({ world: { layout }, place }: Turn, name: string): number {
  const at = layout.files.indexOf(name);
  if (at < 0) throw new RangeError(`${place.operation.id}: no file ${name}`);
  return at;
}

/**
 * The names of the operation.
 *
 * @throws {RangeError} if it has none
 */
function namesOf({ place: { operation } }: Turn): OperationOf<"rename" | "link"> {
  if (operation.kind === "rename" || operation.kind === "link") return operation;
  throw new RangeError(`${operation.id}: no names`);
}

/** rename: the name is the other file's, at once in core and some time on the disk. */
export const rename: Program = [
  step("rename", (turn) => {
    const { world } = turn;
    const { oldpath, newpath } = namesOf(turn);
    const [from, to] = [numberOf(turn, oldpath), numberOf(turn, newpath)];
    const file = world.names[from] ?? NO_FILE;
    if (meetsBug(world, "rename-removes-what-it-replaces")) world.diskNames[to] = NO_FILE;
    world.names[to] = file;
    world.names[from] = NO_FILE;
    if (meetsBug(world, "log-misses-a-renamed-file")) world.renamed[file] = 1;
    return succeed(turn);
  }),
];

/** link: nothing of the file changes but the count of its names. */
export const link: Program = [
  step("link", (turn) => {
    const { world } = turn;
    const file = world.names[numberOf(turn, namesOf(turn).oldpath)] ?? NO_FILE;
    if (meetsBug(world, "link-forgets-the-synced-size")) world.linked[file] = 1;
    return succeed(turn);
  }),
];

/** fsync of the folder: its names are durable, and nothing of what they name is. */
export const fsyncDirectory: Program = [
  step("sync names", (turn) => {
    const { world } = turn;
    if (meetsBug(world, "directory-sync-forgets-names")) return succeed(turn);
    flushDevice(world);
    world.diskNames.set(world.names);
    return succeed(turn);
  }),
];
