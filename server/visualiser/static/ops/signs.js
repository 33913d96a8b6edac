// What is out of the ordinary with a worker, said at its name.

import { h } from "../app/dom.js";

const SILENT = 60; // seconds without a sign of life after which that is worth a look

/** A word in a frame. */
export function badge(words, tone) {
  return h("span", { class: `badge ${tone}` }, words);
}

/** Whether nothing has been heard for long of what was heard of last at `active`. */
export function isSilent(active) {
  return Date.now() / 1000 - active > SILENT;
}
