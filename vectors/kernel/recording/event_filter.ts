/**
 * Filters of events that have many lines of which few are read: what a line has that is
 * (Documentation/trace/events.rst, "Event filtering").
 *
 * @module
 */

/** A filter of one event. */
interface EventFilter {
  readonly expression: string;
  /** What it passes, for the header of the recording. */
  readonly says: string;
  /** True if the event stays off where the kernel does not take the filter. */
  readonly needed: boolean;
}

const work: EventFilter = {
  expression: "function.function == bio_dirty_fn",
  says: "bio_dirty_fn",
  needed: true,
};

const filters: Readonly<Record<string, EventFilter>> = {
  "workqueue/workqueue_execute_start": work,
  "workqueue/workqueue_execute_end": work,
  // Only workers sync, and an fsync has no result above 0.
  "io_uring/io_uring_file_get": {
    expression: 'comm ~ "iou-wrk*"',
    says: "iou-wrk",
    needed: false,
  },
  "io_uring/io_uring_complete": {
    expression: 'res <= 0 || comm ~ "iou-wrk*"',
    says: "result <= 0 or iou-wrk",
    needed: false,
  },
};

/** The filter of an event by what it tells; undefined if all that it tells is read. */
export function eventFilter(event: string): EventFilter | undefined {
  return filters[event];
}
