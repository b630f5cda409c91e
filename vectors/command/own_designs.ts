/**
 * Loads designs that somebody has written in a module of his own.
 *
 * @module
 */
import { pathToFileURL } from "node:url";
import type { Design } from "../../model/design.ts";

const expected = "expected a module whose default export is a design, or a list of designs";

/** True of an argument that names a module and no design of ours. */
export function isModule(argument: string): boolean {
  return /\.[cm]?[jt]s$/.test(argument);
}

/** Where a module that the user named is. */
export function moduleUrl(file: string): URL {
  return new URL(file, pathToFileURL(`${Deno.cwd()}/`));
}

/**
 * The designs of a module, or one line that says why there are none. The module is run: it may read
 * what it imports, and nothing else that we were not allowed to.
 */
export async function loadDesigns(file: string): Promise<readonly Design[] | string> {
  let loaded: unknown;
  try {
    loaded = (await import(moduleUrl(file).href)).default;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const why = error.message.split("\n")[0]?.replace(/\.$/, "");
    return `${file}: ${why}; ${expected}`;
  }
  const all: readonly unknown[] = Array.isArray(loaded) ? loaded : [loaded];
  const designs = all.filter(isDesign);
  if (all.length === 0 || designs.length < all.length) return `${file}: ${expected}`;
  const twice = designs.find(({ id }, at) => designs.findIndex((each) => each.id === id) < at);
  return twice === undefined ? designs : `${file}: expected each id once, not "${twice.id}" twice`;
}

/** True of what has the shape of a design; whether it makes sense is for `examine`. */
function isDesign(value: unknown): value is Design {
  return has(value, "id", "string") && has(value, "title", "string") &&
    isObject(value["bounds"]) && isList(value["breaks"], (id) => typeof id === "string") &&
    isList(
      value["actors"],
      (actor) =>
        has(actor, "name", "string") && has(actor, "environment", "boolean") &&
        isList(actor["program"], isStep),
    );
}

function isStep(value: unknown): boolean {
  return has(value, "label", "string") && has(value, "name", "string") &&
    isList(
      value["branches"],
      (branch) =>
        has(branch, "result", "string") && has(branch, "when", "function") &&
        isList(branch["events"], isObject),
    );
}

function isList(value: unknown, of: (each: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(of);
}

function has(
  value: unknown,
  name: string,
  type: "string" | "boolean" | "function",
): value is Readonly<Record<string, unknown>> {
  return isObject(value) && typeof value[name] === type;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
