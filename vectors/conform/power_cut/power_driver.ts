/**
 * A driver that cuts the power of a file system: it runs what comes before a crash a few times, builds
 * images that the device may hold from then on, and reads back from each what comes after.
 *
 * @module
 */
import { type Observation, observationKey } from "../../../model/operation/observation.ts";
import { readKernelFile } from "../drive/libc.ts";
import { lookAt, mismatch, type Mounted } from "../drive/mounted.ts";
import { ControlMemory, most } from "../drive/control_memory.ts";
import type { WorkerPool } from "../drive/worker_pool.ts";
import type { Driver } from "../driver.ts";
import { histogram } from "../histogram.ts";
import type { Answer, OperationQuestion, Question } from "../protocol.ts";
import { damageIn } from "./file_systems.ts";
import { type Halves, halvesOf } from "./halves.ts";
import { type Image, imagesOf } from "./images.ts";
import { keepImage } from "./keep_image.ts";
import type { PowerLayer } from "./power_layer.ts";
import {
  mountPlace,
  type PowerPlace,
  prepare,
  readBack,
  record,
  unmountPlace,
} from "./power_run.ts";

/** Times that what comes before a crash is run; in all but the first, the kernel acts unasked. */
const recordings = 3;

/** The most times for processes that race. */
const mostRecordings = 40;

/** Images of one run of a race, in the mean: its corners. Memory seldom has more than one. */
const imagesOfRace = { blocks: 10, memory: 1 } as const;

/** Of so many images, one is looked over by the file system's own checker too. */
const checkedEvery = 25;

/** The driver of a place, or a sentence: why nothing can be mounted there. */
export function powerDriver(place: PowerPlace, pool: WorkerPool): Driver | string {
  const failed = mountPlace(place);
  if (failed !== undefined) return `mount of ${place.kind}: ${failed}`;
  const mounted = lookAt(place.point);
  const busy = unmountPlace(place);
  if (busy !== undefined) return `umount of ${place.kind}: ${busy}`;
  const version = (readKernelFile("/proc/sys/kernel/osrelease") ?? "unknown").trim();
  return {
    name: place.kind,
    version: `Linux ${version}`,
    details: [
      `${mounted.blockSize}-byte blocks`,
      ...(place.options === undefined ? [] : [`mounted with ${place.options}`]),
      ...(place.lie === undefined ? [] : [`a device that lies about ${place.lie}`]),
      ...(pool.library === undefined ? [] : [`${pool.library} before the C library`]),
      "power is cut",
    ].join(", "),
    capabilities: [...mounted.capabilities, "crash"],
    schedules: ["sampled"],
    declines: (vector) => declines(mounted, vector, place.layer),
    answer: async (vector, schedule) =>
      vector.kind === "event"
        ? { kind: "skipped", why: "a file system has no events" }
        : await answer(
          place,
          pool,
          vector,
          schedule?.kind === "sampled" ? schedule.seed : 1,
        ),
  };
}

/** Why a vector is none of this driver's; undefined if it is. */
function declines(
  mounted: Mounted,
  vector: Question,
  { marksStores }: PowerLayer,
): string | undefined {
  if (vector.kind === "event") return undefined;
  const different = mismatch(mounted, vector.configuration);
  if (different !== undefined) return different;
  const halves = halvesOf(vector);
  if (typeof halves === "string") return halves;
  const stores = halves.after.some(({ operation }) => operation.kind === "store");
  return stores && marksStores ? "it stores through a mapping after power has failed" : undefined;
}

async function answer(
  place: PowerPlace,
  pool: WorkerPool,
  vector: OperationQuestion,
  seed: number,
): Promise<Answer> {
  const halves = halvesOf(vector);
  if (typeof halves === "string") return { kind: "skipped", why: halves };
  if (vector.processes.length > most.processes || halves.operations.length > most.operations) {
    return { kind: "skipped", why: "more processes or operations than this driver has room for" };
  }
  const control = new ControlMemory(place.control, halves.operations.length, 1);
  try {
    return await cutPower(place, pool, { halves, control, vector, seed });
  } finally {
    control.release();
  }
}

/** A vector under way. */
interface Cutting {
  readonly vector: OperationQuestion;
  readonly halves: Halves;
  readonly control: ControlMemory;
  readonly seed: number;
}

async function cutPower(
  place: PowerPlace,
  pool: WorkerPool,
  { vector, halves, control, seed }: Cutting,
): Promise<Answer> {
  const stopped = prepare(place, vector.files);
  if (stopped !== undefined) return stopped;
  const began = performance.now();
  const observed: Observation[] = [];
  let [possible, checked] = [0n, 0];
  const times = timesFor(place, halves);
  for (let number = 0; number < times; number++) {
    if (number >= recordings && performance.now() > began + place.budget) break;
    const chosenBy = seed * times + number;
    const recorded = await record(place, pool, control, halves, chosenBy, number > 0);
    if (recorded.kind !== "recorded") return recorded;
    const share = Math.ceil((place.images - observed.length) / (times - number));
    const { chosen, possible: here } = imagesOf(recorded.log, {
      most: share,
      seed: chosenBy,
      sector: place.sector,
    });
    possible += here;
    const until = began + place.budget * (number + 1) / times;
    for (const [at, image] of chosen.entries()) {
      if (at > 0 && performance.now() > until) break;
      const after = await readBack(place, pool, control, halves, image);
      if (after.kind !== "read") return after;
      const isChecked = observed.length % checkedEvery === 0;
      if (isChecked) checked++;
      const damage = isChecked ? checkImage(place, vector, image) : undefined;
      const crash = damage ?? after.mount;
      const observation = {
        ...recorded.before,
        ...after.observation,
        ...(crash === undefined ? {} : { [halves.crash]: crash }),
      };
      if (!observed.some((each) => observationKey(each) === observationKey(observation))) {
        keepImage(place, { image, vector, observation });
      }
      observed.push(observation);
    }
  }
  const images = { tried: observed.length, possible: String(possible), checked };
  return { kind: "outcome", observations: histogram(observed), images };
}

/** How often what comes before a crash is run: more often where processes race, with fewer images each. */
function timesFor({ layer, images }: PowerPlace, { before }: Halves): number {
  if (before.filter((each) => each.length > 0).length < 2) return recordings;
  const each = imagesOfRace[layer.marksStores ? "memory" : "blocks"];
  return Math.max(recordings, Math.min(mostRecordings, Math.floor(images / each)));
}

/** What the checker of the file system makes of an image that was mounted: EUCLEAN, or nothing. */
function checkImage(
  { kind, layer, remark }: PowerPlace,
  { handle }: OperationQuestion,
  image: Image,
): "EUCLEAN" | undefined {
  layer.device.forget();
  const damage = damageIn(kind, layer.device.path);
  layer.device.forget();
  if (damage === undefined) return undefined;
  remark(`${handle}: ${damage}; the image has ${image.length} writes of the log`);
  return "EUCLEAN";
}
