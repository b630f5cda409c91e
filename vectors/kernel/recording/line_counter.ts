/**
 * Counts the events of a text as it passes: each has a line. Announcements of losses and comments, which
 * begin at the margin, are none; an event's line begins with a space or a task's name of 16 letters.
 *
 * @module
 */

const NEWLINE = 10, HASH = 35;
/** `CPU:0 [LOST 57 EVENTS]` */
const LOST = [..."CPU:"].map((letter) => letter.charCodeAt(0));

/** Counts over chunks of a text. */
export class LineCounter {
  /** Events in all chunks so far. */
  events = 0;
  #start: number[] = [];

  /** Takes the next chunk. */
  take(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) {
      for (let next = at; this.#start.length < LOST.length && next < chunk.length; next++) {
        this.#start.push(chunk[next] ?? 0);
      }
      const newline = chunk.indexOf(NEWLINE, at);
      if (newline === -1) return;
      const isLost = LOST.every((letter, index) => this.#start[index] === letter);
      if (!isLost && this.#start[0] !== HASH) this.events++;
      this.#start = [];
      at = newline + 1;
    }
  }
}
