// What a graph is called, and what is asked of the server for it, by the words of the URL.

import { short } from "../app/format.js";
import { nameOf } from "./nodes.js";

const TITLES = {
  up: (name) => `What ${name} needs`,
  down: (name) => `What needs ${name}`,
  both: (name) => `Around ${name}`,
};

/** The question for `Current.load`. */
export function question({ root = "", direction = "", done = "", fold = "" }) {
  return { root, direction: direction in TITLES ? direction : "up", done: done !== "no", fold };
}

/** What stands above the drawing of a graph. */
export function title(here, label) {
  if (!here.root) return "All families";
  return TITLES[question(here).direction](label ? short(nameOf(label)) : here.root);
}
