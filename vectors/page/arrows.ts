/**
 * The arrows of a timeline, drawn in its gutter once the rows stand.
 *
 * @module
 */
import type { Picture } from "../../model/picture/picture.ts";
import { type Drawn, h, useLayoutEffect, useState } from "./preact.ts";

interface ArrowsOf {
  /** The element whose rows they connect. */
  readonly body: { readonly current: HTMLElement | null };
  readonly picture: Picture;
}

interface Shape {
  readonly d: string;
  readonly head: string;
}

/** Draws the arrows, again whenever the rows move. Their words stand in the rows. */
export function Arrows({ body, picture }: ArrowsOf): Drawn {
  const [drawn, setDrawn] = useState<readonly Shape[]>([]);
  useLayoutEffect(() => {
    const table = body.current;
    if (table === null) return;
    const draw = (): void => setDrawn(pathsIn(table, picture));
    draw();
    const watch = new ResizeObserver(draw);
    watch.observe(table);
    return () => watch.disconnect();
  }, [picture]);
  return h(
    "svg",
    { class: "arrows", "aria-hidden": "true" },
    drawn.map(({ d, head }, at) => [
      h("path", { key: `line ${at}`, d, class: "line" }),
      h("path", { key: `head ${at}`, d: head, class: "point" }),
    ]),
  );
}

function pathsIn(table: HTMLElement, { arrows }: Picture): readonly Shape[] {
  const middle = (step: number): number | undefined => {
    const row = table.querySelector<HTMLElement>(`[data-row="${step + 1}"] .gutter`);
    return row === null ? undefined : row.offsetTop + row.offsetHeight / 2;
  };
  return arrows.flatMap(({ from, to }, at) => {
    const [top, bottom] = [middle(from), middle(to)];
    if (top === undefined || bottom === undefined) return [];
    const left = 16 - 4 * (at % 4);
    return [{
      d: `M22 ${top} H${left + 3} Q${left} ${top} ${left} ${top + 3} V${
        bottom - 3
      } Q${left} ${bottom} ${left + 3} ${bottom} H20`,
      head: `M24 ${bottom} l-6 -3.5 v7 z`,
    }];
  });
}
