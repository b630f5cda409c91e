import { assert, assertEquals } from "@std/assert";
import { coded } from "../vectors/kernel/lines.ts";
import { argsAt, readProbe } from "../vectors/kernel/probe_line.ts";

function read(body: string) {
  // It stands in a text, with others around it.
  const [before, after] = ["name: ", "\nname: (f+0x0/0x10) a=1\n"];
  const lines = coded(`${before}${body}${after}`);
  const probe = readProbe(lines, before.length, before.length + body.length, []);
  if (probe === undefined || probe === "unreadable") return probe;
  const { function: probed, returns, names, table, from, to } = probe;
  return { function: probed, returns, args: argsAt(lines, names, table, from, to) };
}

function readable(body: string) {
  const probe = read(body);
  assert(probe !== "unreadable", body);
  return probe;
}

const nameOf = (body: string) => readable(body)?.function;

Deno.test("a probe is known by the kernel's function, without module and compiler suffix", () => {
  assertEquals(
    read("(follow_invalidate_pte+0x0/0x440) mm=0xffff888004460440 addr=0x7fdc1000"),
    {
      function: "follow_invalidate_pte",
      returns: false,
      args: { mm: "0xffff888004460440", addr: "0x7fdc1000" },
    },
  );
  assertEquals(
    read("(mpage_submit_page+0x1f/0x80 [ext4] <- clear_page_dirty_for_io) ret=1"),
    { function: "clear_page_dirty_for_io", returns: true, args: { ret: "1" } },
  );
  assertEquals(nameOf("(page_vma_mkclean_one.constprop.0+0x0/0x260)"), "page_vma_mkclean_one");
  assertEquals(nameOf("(page_mkclean_one+0x8d/0xc0 <- a.isra.0.part.1)"), "a");
  assertEquals(nameOf("(ext4_fsync_files+0x4/0x90 [ext4])"), "ext4_fsync_files");
  assertEquals(nameOf("(dax_flush+0x4/0x30 <ffffffff81958134>)"), "dax_flush");
  assertEquals(nameOf("([unknown/kretprobe'd] <- dax_flush)"), "dax_flush");
});

Deno.test("a probe behind endbr64 is at the entry, one in the middle is not", () => {
  assertEquals(nameOf("(pfn_mkclean_range+0x4/0xd0)"), "pfn_mkclean_range");
  assertEquals(nameOf("(pfn_mkclean_range+0x80/0xd0)"), "pfn_mkclean_range+0x80");
  assertEquals(nameOf("(pfn_mkclean_range.cold+0x0/0x20)"), "pfn_mkclean_range.cold");
});

Deno.test("trace-cmd has no symbols: the function is its address, first also in a return", () => {
  assertEquals(nameOf("(ffffffff81395514) nr=512"), "0xffffffff81395514");
  assertEquals(read("(ffffffff81395514 <- ffffffff814c5327) ret=1"), {
    function: "0xffffffff81395514",
    returns: true,
    args: { ret: "1" },
  });
  assertEquals(nameOf("(0x400697 <- 0x4006c5)"), "0x4006c5");
});

Deno.test("an argument may be a string with spaces, an array, or a fault", () => {
  assertEquals(readable('(f+0x0/0x10) s="a b=c" t="d e" u={"x","y z"} v={1,2} w=(fault)')?.args, {
    s: '"a b=c"',
    t: '"d e"',
    u: '{"x","y z"}',
    v: "{1,2}",
    w: "(fault)",
  });
});

Deno.test("an event probe sits on no function, and other text in parentheses is no probe", () => {
  for (const body of ["(fs_dax.dax_pte_fault) a=1", "()", "(a b) c", "(a <- b <- c)", "a"]) {
    assertEquals(read(body), undefined, body);
  }
});

Deno.test("a probe that is cut is not taken for another event", () => {
  for (const body of ["(f+0x0", "(f+0x0/0x10)x", "(f+0x0/0x10) a", "(g+0x1/0x2 <- f) ret"]) {
    assertEquals(read(body), "unreadable", body);
  }
});
