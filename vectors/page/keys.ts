/**
 * What the keyboard does on a page.
 *
 * @module
 */

/** What a key asks for. */
type KeyAction = "step" | "back" | "breach" | "next" | "previous" | "copy";

const letters: Readonly<Record<string, KeyAction>> = {
  j: "step",
  k: "back",
  b: "breach",
  n: "next",
  p: "previous",
  c: "copy",
};
const arrows: Readonly<Record<string, KeyAction>> = { ArrowDown: "step", ArrowUp: "back" };

/** The keys, for people. */
export const keysText = "Keys: j and k, or the arrows in the timeline, step through it; b goes " +
  "to the breach; n and p to the next and the previous one; c copies the race.";

/** The keys of a walk, for people. */
export const walkKeysText = "Keys: a digit takes the step of that number; j and k step through " +
  "the race; b goes to its end; n and p to the next and the previous one; c copies it. " +
  "The address of the page names the run: it can be sent.";

/** The step that a digit asks for, from 1; undefined if it is none. */
export function digitOf(
  { key, ctrlKey, metaKey, altKey, target }: KeyboardEvent,
): number | undefined {
  if (ctrlKey || metaKey || altKey || !/^[1-9]$/.test(key)) return undefined;
  const types = target instanceof HTMLElement && target.matches("input, select, textarea");
  return types ? undefined : Number(key);
}

/** What a key asks for here; undefined if nothing. The arrows step only where the timeline has the focus. */
export function actionOf(event: KeyboardEvent): KeyAction | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined;
  const { target, key } = event;
  if (!(target instanceof HTMLElement)) return letters[key];
  if (target.matches("input, select, textarea")) return undefined;
  return letters[key] ?? (target.matches(".row") ? arrows[key] : undefined);
}
