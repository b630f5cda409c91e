/**
 * The suite that is bundled. It is imported as text and not read, so that it needs no permission and is
 * there wherever this module came from. As text and not as JSON: type-checking 2.4 MB of JSON takes
 * seconds, and the digests are of the text.
 *
 * @module
 */
import A from "../suite/A.json" with { type: "text" };
import B from "../suite/B.json" with { type: "text" };
import C from "../suite/C.json" with { type: "text" };
import D from "../suite/D.json" with { type: "text" };
import E from "../suite/E.json" with { type: "text" };
import F from "../suite/F.json" with { type: "text" };
import manifest from "../suite/manifest.json" with { type: "text" };
import { type Suite, suiteOf } from "./suite.ts";

const texts = new Map([
  ["manifest.json", manifest],
  ["A.json", A],
  ["B.json", B],
  ["C.json", C],
  ["D.json", D],
  ["E.json", E],
  ["F.json", F],
]);

let suite: Suite | undefined;

/**
 * The bundled suite.
 *
 * @throws {Error} if it is not whole: then this package is not
 */
export function bundledSuite(): Suite {
  if (suite !== undefined) return suite;
  const read = suiteOf("vectors/suite", (name) => texts.get(name));
  if (typeof read === "string") throw new Error(read);
  return suite = read;
}
