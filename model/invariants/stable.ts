/**
 * Stable pages: what is under writeback does not change (spec/5-pins.md).
 *
 * @module
 */
import { Folio, folioInHand } from "../folio.ts";
import { type Invariant, invariant, Judgement, keptIf } from "../invariant.ts";

/** Judges of stable pages, in the order of the chapter. */
export const stablePageInvariants: readonly Invariant[] = [
  invariant({
    id: "STABLE-1",
    about: "file",
    needs: ["stores", "writebacks", "contents"],
    on: ["write_folio"],
    judge: (before, { task, bounced }) => {
      if (before.bounds.stableWrites !== true) return Judgement.IDLE;
      const folio = folioInHand(before, task);
      return keptIf(bounced === true || before.memory[folio] === before.settled[folio]);
    },
    breach: "a folio changed between the start of its writeback and the device's reading it",
    loss: "what is on the disk does not match its checksum or parity",
  }),
  invariant({
    id: "STABLE-2",
    about: "file",
    needs: ["faults", "writebacks"],
    on: ["map_folio", "copy_in"],
    judge: (before, event) => {
      if (before.bounds.stableWrites !== true) return Judgement.IDLE;
      if (event.kind === "map_folio" && event.access !== "write") return Judgement.IDLE;
      const folio = folioInHand(before, event.task);
      return keptIf(((before.folio[folio] ?? 0) & Folio.WRITEBACK) === 0);
    },
    breach: "a folio under writeback was made writable on a device that needs stable pages",
    loss: "the next store changes what the device is about to read",
    implies: ["STABLE-1"],
  }),
  invariant({
    id: "STABLE-3",
    about: "file",
    needs: ["direct-io", "contents"],
    on: ["send_buffer"],
    judge: (before, { task, bounced }) => {
      if (before.bounds.stableWrites !== true) return Judgement.IDLE;
      const folio = (before.pinned[task] ?? 0) - 1;
      return keptIf(bounced === true || before.memory[folio] === before.settled[folio]);
    },
    breach: "the buffer of a direct write changed between its checksum and the device's reading it",
    loss: "what is on the disk does not match its checksum or parity",
  }),
];
