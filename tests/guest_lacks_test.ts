/**
 * What a guest says whose kernel cannot do what the guest needs.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { initScript, lackingOf } from "../vectors/lab/guest.ts";
import { run, withFolder } from "./driven_folder.ts";

Deno.test("a kernel that lacks a file system that the guest needs is told so, and the guest ends", async () => {
  await withFolder(async (folder) => {
    const versions = { kernel: [6, 6], mkfs: [1, 47] } as const;
    const init = initScript({
      ...{ fileSystem: "xfs", results: folder, folder, environment: {}, mounted: true, versions },
      ...{ skip: undefined, command: ["true"] },
    });
    const [, fromHere = ""] = init.split("\ndone\nlacking=");
    const [looks = ""] = fromHere.split("$b mount -t 9p");
    const here = `lacking=${looks.replace("$b poweroff -f", "exit")}echo goes on`;
    const said = async (has: string): Promise<string> => {
      await Deno.writeTextFile(`${folder}/filesystems`, has);
      const script = here.replace("/proc/filesystems", `${folder}/filesystems`);
      return (await run("sh", "-c", script)).out;
    };
    const whole = "nodev\ttmpfs\nnodev\t9p\n\txfs\nnodev\toverlay\n";
    assertEquals(await said(whole), "goes on\n");
    const printed = await said(whole.replace("nodev\toverlay\n", "").replace("nodev\t9p", "9pfs"));
    assertEquals(lackingOf(`up\r\n${printed}`), "the kernel lacks file systems: 9p overlay");
  });
});
