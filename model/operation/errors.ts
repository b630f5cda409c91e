/**
 * Errors of writeback: who is told of them, and how often. A file has a cursor for every descriptor of
 * it, and the file system has one of its own for every descriptor, which only syncfs reads (since 5.8).
 * Sources: lib/errseq.c, include/linux/pagemap.h mapping_set_error(), fs/sync.c syncfs().
 *
 * @module
 */
import { type CallStep, finish, type Next, step, succeed, type Turn } from "./program.ts";
import { meetsBug, Status, type World } from "./world.ts";

/** Every descriptor of the file will report the error once, and every descriptor once from syncfs. */
export function recordError(world: World, file: number): void {
  world.fileError[file] = 1;
  world.superError[0] = 1;
  world.layout.fds.forEach((_, fd) => {
    world.fdSuperError[fd] = 1;
    if (world.opened[fd] === file) world.fdError[fd] = 1;
  });
}

/** A descriptor that is opened: an error that nobody was told of is its to tell (errseq_sample). */
export function sampleErrors(world: World, fd: number): void {
  const unseen = world.fileError[world.opened[fd] ?? 0] ?? 0;
  const misses = unseen === 1 && meetsBug(world, "open-misses-earlier-errors");
  world.fdError[fd] = misses ? 0 : unseen;
  world.fdSuperError[fd] = world.superError[0] ?? 0;
}

function descriptorOf({ world, place }: Turn): number {
  return place.fd >= 0 ? place.fd : world.layout.mappings[place.mapping]?.fd ?? 0;
}

/** The call returns, with an error of writeback if there was one that this descriptor has not told. */
export const report: CallStep = step("return", (turn): Next => {
  const { world, place } = turn;
  const fd = descriptorOf(turn);
  if (world.fdError[fd] !== 1) return succeed(turn);
  if (!meetsBug(world, "error-reported-for-ever")) world.fdError[fd] = 0;
  world.fileError[place.file] = 0;
  if (meetsBug(world, "error-reported-to-one-descriptor")) {
    world.opened.forEach((file, other) => {
      if (file === place.file) world.fdError[other] = 0;
    });
  }
  if (meetsBug(world, "error-never-reported")) return succeed(turn);
  return finish(turn, Status.EIO);
});

/** syncfs returns, with an error of any file; what fsync has to tell it leaves alone. */
export const reportOfSyncfs: CallStep = step("return", (turn): Next => {
  const { world } = turn;
  const fd = descriptorOf(turn);
  if (world.fdSuperError[fd] !== 1) return succeed(turn);
  world.fdSuperError[fd] = world.superError[0] = 0;
  if (meetsBug(world, "syncfs-takes-errors-of-files")) {
    world.fdError.fill(0);
    world.fileError.fill(0);
  }
  if (meetsBug(world, "syncfs-reports-no-error")) return succeed(turn);
  return finish(turn, Status.EIO);
});
