/**
 * How a timeline is read.
 *
 * @module
 */
import type { Picture } from "../../model/picture/picture.ts";
import { type Drawn, h } from "./preact.ts";

/** What the bands and the marks mean, and what each lane follows. */
export function Legend({ picture: { tracks } }: { readonly picture: Picture }): Drawn {
  const lanes = tracks.flatMap((track) => track.lanes);
  const once = lanes.filter(({ name }, at) => lanes.findIndex((each) => each.name === name) === at);
  return h(
    "details",
    { class: "legend" },
    h("summary", null, "How to read this"),
    h(
      "ul",
      null,
      h("li", null, "Time goes down. A bar at the left of a step is a call that is under way."),
      h("li", null, "A filled band is something that is there; a thin line says that it is not."),
      h("li", null, "A hatched band is not known: what it names may be, or nothing was seen yet."),
      h("li", null, "◀ is where the invariant breaks; arrows lead there from what caused it."),
      once.map(({ name, says }) => h("li", { key: name }, h("b", null, name), `: ${says}.`)),
    ),
  );
}
