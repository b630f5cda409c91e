/**
 * Exhaustive matching of unions, by ts-pattern. It is imported from here, so that its version stands in
 * one place and no import map is needed: an import map does not travel to whom imports this package.
 *
 * @module
 */

export { match } from "npm:ts-pattern@5.9.2";
