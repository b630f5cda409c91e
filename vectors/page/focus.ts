/**
 * Where the keyboard goes on from.
 *
 * @module
 */

/** Shows the chosen row and lets the keyboard go on from it, once it is drawn. */
export function focusRow(): void {
  setTimeout(() => {
    const row = document.querySelector<HTMLElement>(".row.chosen");
    row?.focus({ preventScroll: true });
    row?.querySelector(".step")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
}
