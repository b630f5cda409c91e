/**
 * Stores through MAP_PRIVATE mappings: they go to a copy of the page, and need no fault when the file's
 * folio is clean (WB-CLEAN-1, DAX-CLEAN-2).
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { begun, counted, fault, faultBegins, faultEnds, fsync, stores } from "./dax_lines.ts";
import { judgeLines, recounted, verdictOn } from "./judge_text.ts";
import { find } from "./made_breach.ts";
import { recordedText } from "./recorded.ts";

const lines = await recordedText("6.18-private-ext4");
const skipped = await recordedText("6.12-skips-mkclean-ext4");

const wbClean = async (text: readonly string[]) =>
  verdictOn(await judgeLines(recounted(text)), "WB-CLEAN-1");

const without = (text: readonly string[], taken: RegExp): readonly string[] =>
  text.filter((line) => line.startsWith("#") || !taken.test(line));

Deno.test("a store to a private copy of a page needs no fault, whoever mapped something there before", async () => {
  assertEquals(await wbClean(lines), "holds");
});

Deno.test("where no line tells whether a mapping is shared, a store without a fault is undecided", async () => {
  assertEquals(await wbClean(without(lines, / sys_mmap/)), "undecided");
  assertEquals(await wbClean(without(lines, / task_newtask/)), "undecided");
});

Deno.test("a mapping is shared by its mmap, or by a page that was made writable through it", async () => {
  assertEquals(await wbClean(skipped), "violated");
  assertEquals(await wbClean(without(skipped, / sys_mmap/)), "violated");
  assertEquals(await wbClean(without(skipped, /do_page_mkwrite/)), "violated");
  assertEquals(await wbClean(without(skipped, / sys_mmap|do_page_mkwrite/)), "undecided");
});

Deno.test("a fault that does not ask the file system may be one in a private mapping", async () => {
  // The first store has made the page writable; another has faulted since, and has not.
  const unknown = without(skipped, / sys_mmap/);
  const to = find(unknown, find(unknown, 0, "op=store off="), "op=store done");
  const store = unknown.slice(find(unknown, 0, "op=store off="), to + 1);
  const again = store.filter((line) => /tracing_mark_write|page_fault_user/.test(line))
    .map((line) =>
      line.replace(/ \d+\.\d{6}: /, / \d+\.\d{6}: /.exec(unknown[to] ?? "")?.[0] ?? "")
    );
  const both = [...unknown.slice(0, to + 1), ...again, ...unknown.slice(to + 1)];
  assertEquals(await wbClean(both), "undecided");
});

Deno.test("a fault where nothing was mapped any more does not show that mkclean had come by", async () => {
  const at = find(lines, 0, "op=store off=0 val=2");
  const [head = ""] = (lines[at] ?? "").split("tracing_mark_write");
  const va = / va=(0x[0-9a-f]+)/.exec(lines[at] ?? "")?.[1];
  const calls = {
    madvise: `start: ${va}, len_in: 0x2000, behavior: 4`,
    mprotect: `start: ${va}, len: 0x2000, prot: 1`,
    mmap: `addr: ${va}, len: 0x2000, prot: 3, flags: 0x11, fd: 4, off: 0`,
  };
  for (const [name, args] of Object.entries(calls)) {
    const call = [
      `${head}sys_${name}(${args})`,
      `${head}sys_${name} -> ${name === "mmap" ? va : "0x0"}`,
    ];
    assertEquals(await wbClean(lines.toSpliced(at, 0, ...call)), "unexercised", name);
  }
});

/** A store to page 3 that faults, and one after an fsync that does not. */
function twoStores(of: { readonly copies?: true }): readonly string[] {
  const at = { pid: 10, page: 3, apart: 1 << 20 };
  const made = { ...at, ...of, write: true };
  return [
    ...stores(at, () => [...faultBegins(made), faultEnds(made)]),
    ...fault(20, 3, true),
    ...fsync(20, 3),
    ...stores(at, () => []),
  ];
}

const daxClean = async (...text: readonly string[]) =>
  verdictOn(await judgeLines(counted([...begun(), ...text]), "6.12.107"), "DAX-CLEAN-2");

Deno.test("a store to a private copy of a DAX page needs no fault, and marks no entry dirty", async () => {
  assertEquals(await daxClean(...twoStores({})), "violated");
  // As if there were no such stores: that the passes reached every mapping, nothing shows.
  assertEquals(await daxClean(...twoStores({ copies: true })), "undecided");
});

Deno.test("a load in a private mapping gives the process's copy, and says nothing of the file", async () => {
  const at = find(lines, 0, "op=store off=0 val=3");
  const [head = ""] = (lines[at] ?? "").split("tracing_mark_write");
  const [va = ""] = / va=0x[0-9a-f]+/.exec(lines[at] ?? "") ?? [];
  const afterPunch = async (of: string) => {
    const says = ["punch off=0 len=4096", "punch done ret=0 len=4096", `load off=0${of}`];
    const marked = [...says, "load done off=0 val=2"].map((each) =>
      `${head}tracing_mark_write: op=${each}`
    );
    return verdictOn(await judgeLines(recounted(lines.toSpliced(at, 0, ...marked))), "INV-4");
  };
  assertEquals(await afterPunch(""), "violated");
  assertEquals(await afterPunch(va), "unexercised");
});
