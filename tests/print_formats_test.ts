/**
 * Every decoder against the print formats that five kernels declare for its event
 * (`events/<group>/<event>/format`), filled with values. The format files are not part of this
 * repository; where they are not beside it, the test is ignored.
 */
import { assert, assertEquals } from "@std/assert";
import { daxRows, readerOfTracepoint } from "../vectors/kernel/rows.ts";

const FORMATS = new URL("../../shared/formats/", import.meta.url);

function present(url: URL): boolean {
  try {
    return Deno.statSync(url).isDirectory;
  } catch {
    return false;
  }
}

/** Format files by kernel and event. */
function* formats(): Generator<{ kernel: string; event: string; format: string }> {
  for (const kernel of Deno.readDirSync(FORMATS)) {
    if (!kernel.isDirectory) continue;
    const groups = new URL(`${kernel.name}/`, FORMATS);
    for (const group of Deno.readDirSync(groups)) {
      if (!group.isDirectory) continue;
      const events = new URL(`${group.name}/`, groups);
      for (const file of Deno.readDirSync(events)) {
        const event = file.name.replace(/\.format$/, "");
        const format = Deno.readTextFileSync(new URL(file.name, events));
        yield { kernel: kernel.name, event, format };
      }
    }
  }
}

/** `text` with each conversion filled as the kernel's printf fills it. */
function print(text: string): string {
  const words = ["shared", "WRITE|USER|0x800", "NOPAGE|MAJOR"];
  if (text.includes("radix_entry")) words.splice(1, 2, "write", "DEV|MAP");
  return text.replaceAll(/%(#?)(?:l|ll|z)?([duxsp]s?)/g, (_, sharp, conversion) => {
    if (conversion === "s") return words.shift() ?? "";
    if (conversion === "p") return "00000000dd9f1d8f";
    if (conversion === "ps") return "0x7fdca6391000";
    if (conversion === "x") return sharp === "#" ? "0x2c" : "2c";
    return "44";
  });
}

Deno.test({
  name: `every decoder reads what five kernels from 5.10 to 7.2 declare to print${
    present(FORMATS) ? "" : " (../shared/formats is not there)"
  }`,
  ignore: !present(FORMATS),
  fn() {
    const kernels = new Map<string, Set<string>>();
    for (const { kernel, event, format } of formats()) {
      const reader = readerOfTracepoint(event);
      if (reader === undefined || reader.tells === "cache") continue;
      const [, text] = /^print fmt: "(.*?)"/m.exec(format) ?? [];
      assert(text !== undefined, `${kernel} ${event}`);
      const body = print(text);
      const reading = reader.read({ body }, "ftrace");
      assert(reading !== undefined, `${kernel} ${event}: ${body}`);
      if (reading !== "nothing" && "file" in reading) {
        assertEquals(reading.file, { dev: "44:44", ino: 44 });
      }
      kernels.set(event, (kernels.get(event) ?? new Set()).add(kernel));
    }
    for (const { source } of daxRows) {
      if (!source.startsWith("dax_") || source.includes("(")) continue;
      assertEquals(kernels.get(source)?.size, 5, source);
    }
  },
});
