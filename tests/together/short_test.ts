/** Four lists of short tests: what all of them load is loaded, and compiled, once. */
import { together } from "../together.ts";

await together("together/model", "together/spec", "together/command", "together/conform");
