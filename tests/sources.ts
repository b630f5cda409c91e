/**
 * The modules of this repository, as tests of the house read them: what each imports, exports and says
 * of itself. Read by the shapes that `deno fmt` gives them.
 *
 * @module
 */

const root = new URL("../", import.meta.url);

/** A file of the repository. */
interface SourceFile {
  /** From the root of the repository. */
  readonly path: string;
  readonly text: string;
}

/** What a module takes from another one. */
interface Import {
  /** Path of the other from the root, or its name in deno.json or node. */
  readonly from: string;
  readonly names: readonly string[];
}

/** A comment that documents something. */
interface DocComment {
  /** All of it on one line, without its stars. */
  readonly text: string;
  readonly line: number;
}

/** A module. */
export interface Module extends SourceFile {
  readonly imports: readonly Import[];
  /** Names, each once. */
  readonly exports: readonly string[];
  /** Exports that no comment documents. */
  readonly undocumented: readonly string[];
  readonly comments: readonly DocComment[];
}

/** The text of a file. */
export async function read(path: string): Promise<string> {
  return await Deno.readTextFile(new URL(path, root));
}

/** Paths of all files under a folder of the repository whose names end so, in order. */
export async function pathsUnder(folder: string, ending: RegExp): Promise<readonly string[]> {
  const paths: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(new URL(folder, root))) {
    if (name.startsWith(".") || name === "node_modules") continue;
    if (isDirectory) paths.push(...await pathsUnder(`${folder}${name}/`, ending));
    else if (ending.test(name)) paths.push(folder + name);
  }
  return paths.toSorted();
}

/** Every module. */
export async function readModules(): Promise<readonly Module[]> {
  const paths = await pathsUnder("", /\.[cm]?[jt]s$/);
  return await Promise.all(paths.map(async (path) => moduleOf({ path, text: await read(path) })));
}

/** What a module's text says. */
export function moduleOf(file: SourceFile): Module {
  const declared = [...file.text.matchAll(declaration)];
  return {
    ...file,
    imports: [...statementsOf(file), ...callsOf(file)],
    exports: [...new Set([...declared.map(nameIn), ...exportedAgain(file)])],
    undocumented: undocumentedIn(file, declared),
    comments: commentsOf(file),
  };
}

const declaration =
  /^export (?:declare |async |abstract )*(?:function\*?|const|let|class|interface|type|enum) (\w+)/gm;

/** Names that are exported, and documented in none of their overloads. */
function undocumentedIn(
  { text }: SourceFile,
  declared: readonly RegExpMatchArray[],
): readonly string[] {
  const hasComment = ({ index }: RegExpMatchArray) => text.slice(0, index).endsWith("*/\n");
  const documented = new Set(declared.filter(hasComment).map(nameIn));
  return [...new Set(declared.map(nameIn))].filter((name) => !documented.has(name));
}

function nameIn([, name = ""]: RegExpMatchArray): string {
  return name;
}

/** `import { a, type B as C } from "x"` and `export { a } from "x"`. */
function statementsOf({ path, text }: SourceFile): readonly Import[] {
  const statements = text.matchAll(/^(?:import|export)\b(?:([^;"]*?) from)? "([^"]+)"/gm);
  return [...statements].map(([, what = "", specifier = ""]) => ({
    from: resolve(specifier, path),
    names: namesIn(what),
  }));
}

/** What is loaded late, by its names; without names it is a verb's module, of which `run` is used. */
function callsOf({ path, text }: SourceFile): readonly Import[] {
  const calls = text.matchAll(/(\{[^{}]*\} = await )?\bimport\("([^"]+)"\)/g);
  return [...calls].map(([, what, specifier = ""]) => ({
    from: resolve(specifier, path),
    names: what === undefined ? ["run"] : namesIn(what),
  }));
}

function exportedAgain({ text }: SourceFile): readonly string[] {
  const statements = text.matchAll(/^export (?:type )?\{([^}]*)\} from "/gm);
  return [...statements].flatMap(([, names = ""]) =>
    names.split(",").map((name) => name.trim().replace(/^type |^\w+ as /g, "")).filter(Boolean)
  );
}

function namesIn(what: string): readonly string[] {
  const [, names = ""] = /\{([^}]*)\}/.exec(what) ?? [];
  return names.split(",")
    .map((name) => name.trim().replace(/^type /, "").replace(/(?: as |:).*/, ""))
    .filter(Boolean);
}

function resolve(specifier: string, path: string): string {
  if (!specifier.startsWith(".")) return specifier;
  return new URL(specifier, new URL(path, root)).href.replace(root.href, "");
}

function commentsOf({ text }: SourceFile): readonly DocComment[] {
  return [...text.matchAll(/^[ |/]*\/\*\*((?:[^*]|\*(?!\/))*)\*\//gm)].map((
    { index, 1: body = "" },
  ) => ({
    text: body.replace(/^ *\* ?/gm, "").replace(/\s+/g, " ").trim(),
    line: text.slice(0, index).split("\n").length,
  }));
}

/** Groups of modules each of which imports every other one of its group, if only by way of others. */
export function circlesOf(modules: readonly Module[]): readonly (readonly string[])[] {
  const imported = new Map(
    modules.map(({ path, imports }) => [path, imports.map(({ from }) => from)]),
  );
  const reached = (from: string): ReadonlySet<string> => {
    const found = new Set(imported.get(from));
    for (const path of found) for (const next of imported.get(path) ?? []) found.add(next);
    return found;
  };
  const reach = new Map(modules.map(({ path }) => [path, reached(path)]));
  const circles = modules.flatMap(({ path }) =>
    reach.get(path)?.has(path)
      ? [
        modules.map((each) => each.path).filter((other) =>
          reach.get(path)?.has(other) && reach.get(other)?.has(path)
        ),
      ]
      : []
  );
  return [...new Map(circles.map((circle) => [circle.join(), circle])).values()];
}
