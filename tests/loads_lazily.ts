/**
 * What Deno is told for a process that may read all files, as the tasks tell it: to load a module when it
 * is imported. `cli.ts` leads to 800, and a verb needs a part of them.
 */
export const loadsLazily = "--unstable-lazy-dynamic-imports";
