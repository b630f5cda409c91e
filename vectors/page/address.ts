/**
 * A run in the address of a page: `#D3-pmd/0.0.1`, a design and the numbers of its choices.
 *
 * @module
 */

/** What an address names. */
export interface AddressedRun {
  readonly design: string;
  readonly choices: readonly number[];
}

/** The fragment of a run. */
export function fragmentOf({ design, choices }: AddressedRun): string {
  return `#${encodeURIComponent(design)}/${choices.join(".")}`;
}

/** The run of a fragment; undefined if it names none. */
export function runOfFragment(fragment: string): AddressedRun | undefined {
  const [, name, numbers] = /^#([^/]+)\/((?:\d+(?:\.\d+)*)?)$/.exec(fragment) ?? [];
  if (name === undefined || numbers === undefined) return undefined;
  try {
    const design = decodeURIComponent(name);
    return { design, choices: numbers === "" ? [] : numbers.split(".").map(Number) };
  } catch {
    return undefined;
  }
}
