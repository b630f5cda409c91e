/**
 * The modules of a kernel that a guest loads, each after those that it needs.
 *
 * Source: modules.dep(5); Documentation/kbuild/kbuild.rst for modules.builtin.
 *
 * @module
 */

/** What a folder `lib/modules/RELEASE` says of its modules. */
interface ModuleLists {
  /** modules.dep: a module, and those that it needs. */
  readonly dependencies: string;
  /** modules.builtin: what is in the image itself. */
  readonly builtin: string;
}

/**
 * The files of modules, below the folder, in the order in which they can be loaded.
 *
 * @param wanted names; one that ends with `?` may be missing
 * @returns the names that are missing, if any is
 */
export function moduleOrder(
  { dependencies, builtin }: ModuleLists,
  wanted: readonly string[],
):
  | { readonly kind: "ordered"; readonly files: readonly string[] }
  | { readonly kind: "missing"; readonly names: readonly string[] } {
  const needs = new Map(
    dependencies.split("\n").filter((line) => line.includes(":")).map((line) => {
      const [file = "", rest = ""] = line.split(":");
      return [file, rest.trim().split(" ").filter((each) => each !== "")] as const;
    }),
  );
  const byName = new Map([...needs.keys()].map((file) => [nameOf(file), file]));
  const inImage = new Set(builtin.split("\n").map(nameOf));
  const files = new Set<string>();
  const visited = new Set<string>();
  const add = (file: string): void => {
    if (visited.has(file)) return;
    visited.add(file);
    for (const each of needs.get(file) ?? []) add(each);
    files.add(file);
  };
  const names: string[] = [];
  for (const each of wanted) {
    const name = nameOf(each.replace("?", ""));
    const file = byName.get(name);
    if (file !== undefined) add(file);
    else if (!inImage.has(name) && !each.endsWith("?")) names.push(name);
  }
  return names.length > 0 ? { kind: "missing", names } : { kind: "ordered", files: [...files] };
}

/** The name of the module in a file: `-` is the same as `_` in it. */
function nameOf(file: string): string {
  const name = file.slice(file.lastIndexOf("/") + 1);
  return name.replace(/\.ko(?:\.\w+)?$/, "").replaceAll("-", "_");
}
