/**
 * Where the files of this package are: the repository, or what npm installed. There, modules are bundled
 * into JavaScript that lies at the root.
 *
 * @module
 */

/** True if this is the package that npm installs, and not the sources. */
export const isBundled: boolean = !import.meta.url.endsWith("/spec/root.ts");

/** The folder with `spec/` and `vectors/` in it. */
export const root: URL = new URL(isBundled ? "./" : "../", import.meta.url);
