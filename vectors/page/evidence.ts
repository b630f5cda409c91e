/**
 * What a breach rests on, as text: the race diagram to be copied, and the trace's own lines.
 *
 * @module
 */
import { type Drawn, h, useState } from "./preact.ts";

/** The race diagram, with a button that copies it. */
export function Diagram({ text }: { readonly text: string }): Drawn {
  const [copied, setCopied] = useState(false);
  return h(
    "section",
    { class: "diagram" },
    h(
      "h3",
      null,
      "As text, for mail ",
      h(
        "button",
        {
          type: "button",
          class: "copy",
          onClick: async () => {
            await copyText(text);
            setCopied(true);
            setTimeout(() => setCopied(false), 2000);
          },
        },
        copied ? "copied" : "copy",
      ),
    ),
    h("pre", { tabIndex: 0, "aria-label": "race diagram" }, text),
  );
}

/** Copies a text. A page of a file may not use the clipboard everywhere: then it is selected, and copied. */
async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}

interface LinesOf {
  readonly lines: readonly (readonly [line: number, text: string])[];
  /** Lines that the picture has as steps. */
  readonly steps: ReadonlySet<number>;
  /** The line of the chosen step. */
  readonly chosen: number | undefined;
  /** The line of the breach. */
  readonly breach: number;
}

/** The trace's own lines; those of steps are marked. */
export function TraceLines({ lines, steps, chosen, breach }: LinesOf): Drawn {
  return h(
    "section",
    { class: "trace-lines" },
    h("h3", null, "The trace's own lines"),
    h(
      "div",
      { class: "lines", tabIndex: 0, role: "region", "aria-label": "lines of the trace" },
      h(
        "ol",
        null,
        lines.map(([line, text], at) => {
          const gap = at > 0 && line > (lines[at - 1]?.[0] ?? 0) + 1;
          const kind = line === breach ? "breach" : steps.has(line) ? "evidence" : "";
          return h(
            "li",
            {
              key: line,
              class: `${kind}${line === chosen ? " chosen" : ""}${gap ? " gap" : ""}`,
            },
            h("b", null, String(line)),
            h("i", null, kind === "breach" ? "◀" : kind === "evidence" ? "•" : ""),
            h("code", null, text),
          );
        }),
      ),
    ),
  );
}
