/**
 * The catalogue of litmus vectors that the hand-written ones are taken from, and which rows of it have
 * no vector of a kind, with the reason.
 */

/** Rows without a crash (L), with one (K), and those told event by event (E). */
export const litmusRows: readonly string[] = [
  ...rows("L", 28),
  ...rows("K", 45),
  ...rows("E", 10),
];

function rows(letter: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${letter}${index + 1}`);
}

/** Why a row has no event vector, or no operation vector; every other row has both. */
export const litmusWithout: {
  readonly [kind in "event" | "operation"]: Readonly<Record<string, string>>;
} = {
  event: {
    L7: "read(2) of a DAX file is no event: it loads from the same memory as a mapping",
    L26: "bytes of one page are below the alphabet, which speaks of pages and of blocks in them",
    L28: "two files that share an extent are not in the alphabet",
    K27: "msync of another range is no event for this page: nothing is promised by it",
  },
  operation: {
    L24: "no system call holds a pin across another: it takes a device that is slow on request",
    L25: "no system call holds a pin across another: it takes a device that is slow on request",
    K44: "whether the power domain holds CPU caches is a property of the machine",
    K45: "with data=writeback a crash may show any content whatever: there is nothing to forbid",
  },
};
