/**
 * Rows of the catalogue of litmus vectors that no operation vector expresses, and why.
 *
 * @module
 */

/** By the id of the row. */
export const unexpressed: Readonly<Record<string, string>> = {
  L24: "that punch waits for a pin is seen only in who gets the freed block, and when",
  L25: "what the device writes lands in a block that another file got: no call shows which",
  K44:
    "a CPU cache that survives a power failure is a property of the machine, which no vector asks",
  K45: "data=writeback is exempt from what the vector would forbid: everything is allowed",
};
