/**
 * Which breaches are listed: by file, task and invariant.
 *
 * @module
 */
import type { CheckDocument, DrawnBreach } from "./document.ts";
import { type Drawn, h } from "./preact.ts";

/** What a breach must be of; the empty text is anything. */
export interface Filter {
  readonly invariant: string;
  readonly file: string;
  readonly task: string;
}

/** Every breach. */
export const anyBreach: Filter = { invariant: "", file: "", task: "" };

/** Places of the breaches that pass. */
export function passing({ breaches, traces }: CheckDocument, filter: Filter): readonly number[] {
  return breaches.flatMap((breach, place) => {
    const { invariant, file, task } = filter;
    const passes = (invariant === "" || breach.id === invariant) &&
      (file === "" || fileOf(breach, traces.length > 1, traces[breach.trace]?.name) === file) &&
      (task === "" || breach.picture.tasks.includes(task));
    return passes ? [place] : [];
  });
}

/** The trace where there are several; the file of the one. */
function fileOf(breach: DrawnBreach, several: boolean, trace = ""): string {
  return several ? trace : breach.file;
}

interface FiltersOf {
  readonly report: CheckDocument;
  readonly filter: Filter;
  readonly change: (filter: Filter) => void;
}

/** Draws the choices. */
export function Filters({ report, filter, change }: FiltersOf): Drawn {
  const { breaches, traces } = report;
  const several = traces.length > 1;
  const ids = distinct(breaches.map(({ id }) => id));
  const files = distinct(
    breaches.map((each) => fileOf(each, several, traces[each.trace]?.name)),
  );
  const tasks = distinct(breaches.flatMap(({ picture }) => picture.tasks));
  const choice = (name: keyof Filter, label: string, values: readonly string[]): Drawn =>
    h(
      "label",
      null,
      label,
      h(
        "select",
        {
          name,
          value: filter[name],
          onChange: (event: Event) => {
            if (event.target instanceof HTMLSelectElement) {
              change({ ...filter, [name]: event.target.value });
            }
          },
        },
        h("option", { value: "" }, "any"),
        values.map((value) => h("option", { key: value, value }, value)),
      ),
    );
  return h(
    "form",
    { class: "filters", "aria-label": "filter breaches", onSubmit: stop },
    choice("invariant", "invariant", ids),
    choice("file", several ? "trace" : "file", files),
    choice("task", "task", tasks),
  );
}

function stop(event: Event): void {
  event.preventDefault();
}

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}
