/**
 * Bios of kernels with pages: before 5.12 they have a disk and the number of a partition, later a device.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { judgedIn } from "./judge_text.ts";
import { recordedText } from "./recorded.ts";

const lines = await recordedText("5.10-probes-ext4");

const verdicts = (text: readonly string[]) => judgedIn(text, "5.15.135");

Deno.test("a probe on submit_bio_checks() tells of a bio by its device, as 5.15 has it, as by its disk", async () => {
  const asItIs = await verdicts(lines);
  assertEquals(asItIs.find(({ id }) => id === "DUR-1")?.verdict, "holds");
  const later = lines.map((line) =>
    line.replace(/ major=254 minor=0( minors=16 part=0)? /, " dev=0xfe00000 ")
  );
  const named = later.filter((line) => / bio_(?:queue|end): .* dev=0xfe00000 /.test(line));
  assert(named.length > 20);
  assertEquals(await verdicts(later), asItIs);
});
