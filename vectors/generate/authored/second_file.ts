/**
 * Hand-written vectors once more, on the second of two files: whoever takes one page for another, or
 * one file's state for the other's, judges them wrongly.
 *
 * @module
 */
import type { Event } from "../../../model/event.ts";
import { createState, type State } from "../../../model/state.ts";
import { type Start, viewsOf } from "../../format/event_vector.ts";
import type { Authored, SequenceLine, WorldSize } from "./sequence.ts";

/**
 * The vector with its one page moved behind another file's page, which nobody touches.
 *
 * @throws {RangeError} if its world has more than one page
 */
export function onSecondFile(authored: Authored): Authored {
  const { bounds, start = {} } = authored;
  if (bounds.pages !== 1) throw new RangeError(`${authored.name} has ${bounds.pages} pages`);
  const { locks } = bounds;
  const larger = { ...bounds, pages: 2, files: 2, ...(locks === undefined ? {} : { locks: 2 }) };
  return {
    ...authored,
    name: `${authored.name}-on-the-second-file`,
    says: `${authored.says}; another file stands before it`,
    bounds: larger,
    start: moved(start, sized(bounds), sized(larger)),
    events: authored.events.map(movedLine),
  };
}

function sized(bounds: WorldSize): State {
  return createState({ pmdPages: 1, ...bounds, locals: 0 });
}

/** A view with twice as many bytes has one more for each page or file: the second is ours. */
function moved(start: Start, small: State, large: State): Start {
  const views = viewsOf(start).map((view) => {
    const bytes = start[view] ?? [];
    if (large[view].length === small[view].length) {
      return [
        view,
        view === "owner" ? bytes.map((page) => page === 0 ? 0 : page + 1) : bytes,
      ] as const;
    }
    return [view, bytes.flatMap((byte) => [0, byte])] as const;
  });
  return Object.fromEntries(views);
}

function movedLine(line: SequenceLine): SequenceLine {
  if (isList(line)) return line.map(movedLine);
  if ("marked" in line) return { ...line, event: movedEvent(line.event) };
  return movedEvent(line);
}

function isList(line: SequenceLine): line is readonly SequenceLine[] {
  return Array.isArray(line);
}

/** Pages, ranges, files and locks of files, each the next one. */
function movedEvent(event: Event): Event {
  switch (event.kind) {
    case "set_size":
    case "freeze":
      return { ...event, file: event.file + 1 };
    case "remove_entry":
      return { ...event, page: event.page + 1, from: event.from + 1, to: event.to + 1 };
    case "lock":
    case "unlock":
    case "contend":
      return { ...event, lock: event.lock + 1 };
    default:
      return "page" in event ? { ...event, page: event.page + 1 } : event;
  }
}
