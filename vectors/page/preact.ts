/**
 * The library that draws. It is imported from here, so that its version stands in one place.
 *
 * @module
 */
import { h, type JSX, render } from "npm:preact@10.29.8";

export { h, render };
export { useLayoutEffect, useRef, useState } from "npm:preact@10.29.8/hooks";

/** What a component returns. */
export type Drawn = JSX.Element;
