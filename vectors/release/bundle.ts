/**
 * Makes a schema whole: what it refers to in other schemas stands in its own `$defs`, so that a
 * validator that knows no other file resolves every reference.
 *
 * @module
 */

/** A schema, or a part of one. */
type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** The schema with every other schema that it needs; `schemas` are all there are, by their `$id`. */
export function bundle(id: string, schemas: ReadonlyMap<string, Json>): Json {
  const needed = new Set([id]);
  for (const each of needed) for (const other of referencesIn(schemas.get(each))) needed.add(other);
  const [own = null, ...others] = [...needed].map((each) => schemas.get(each));
  const defs = others.map((each, at) => {
    const name = nameOf([...needed][at + 1] ?? "");
    return [name, plain(pointing(each ?? null, `#/$defs/${name}`))] as const;
  });
  const root = pointing(own, "#");
  if (!isObject(root)) return root;
  const { $defs = {} } = root;
  return { ...root, $defs: { ...(isObject($defs) ? $defs : {}), ...Object.fromEntries(defs) } };
}

/** Ids of the schemas that are referred to. */
function referencesIn(schema: Json | undefined): readonly string[] {
  if (Array.isArray(schema)) return schema.flatMap(referencesIn);
  if (!isObject(schema)) return [];
  return Object.entries(schema).flatMap(([name, value]) =>
    name === "$ref" && typeof value === "string" && !value.startsWith("#")
      ? [value.split("#")[0] ?? ""]
      : referencesIn(value)
  );
}

/** The schema with its references made those of the whole, where its own root is at `root`. */
function pointing(schema: Json, root: string): Json {
  if (Array.isArray(schema)) return schema.map((each) => pointing(each, root));
  if (!isObject(schema)) return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([name, value]) => [
      name,
      name === "$ref" && typeof value === "string" ? pointer(value, root) : pointing(value, root),
    ]),
  );
}

function pointer(reference: string, root: string): string {
  const [id = "", path = ""] = reference.split("#");
  return `${id === "" ? root : `#/$defs/${nameOf(id)}`}${path}`;
}

/** `event` of `urn:pagespec:event:1`; prefixed, so that it is no name of the schema's own. */
function nameOf(id: string): string {
  return `schema_${id.split(":")[2] ?? id}`;
}

function plain(schema: Json): Json {
  if (!isObject(schema)) return schema;
  const { $id: _, $schema: __, ...rest } = schema;
  return rest;
}

function isObject(value: Json | undefined): value is { readonly [name: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
