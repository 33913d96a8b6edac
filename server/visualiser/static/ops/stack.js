// How far a run is: one bar with a part for each status, and the same in numbers, which lead to the tasks.

import { fill, h } from "../app/dom.js";
import { number } from "../app/format.js";
import { about, mark } from "../app/status.js";

const ORDER = ["DONE", "RUNNING", "BATCH_RUNNING", "FAILED", "DISABLED", "UNKNOWN", "PENDING"];

/** `bar` and `numbers` are its parts. */
export class Stack {
  #said = "";

  constructor() {
    this.bar = h("div", { class: "stack", "aria-hidden": "true" });
    this.numbers = h("ul", { class: "numbers" });
  }

  /** How many of each status, and how many of the pending are `stopped`; `href(status)` is where those are listed. */
  show({ counts, stopped = {} }, href = null) {
    const said = JSON.stringify([counts, stopped]);
    if (said === this.#said) return;
    this.#said = said;
    const parts = [...new Set([...ORDER, ...Object.keys(counts)])].filter((status) => counts[status]);
    const waiting = Object.keys(stopped).filter((status) => stopped[status]);
    fill(this.bar, parts.map((status) => part(status, counts[status])));
    fill(
      this.numbers,
      parts.map((status) => line(status, counts[status], href)),
      waiting.map((status) => line(status, stopped[status], href, "of these ")),
    );
  }
}

function part(status, count) {
  return h("span", { class: `${about(status).tone} ${status.toLowerCase()}`, style: { "flex-grow": count } });
}

function line(status, count, href, before = "") {
  const text = [before, h("strong", {}, number(count)), ` ${about(status).word.toLowerCase()}`];
  return h("li", {}, mark(status), href ? h("a", { href: href(status) }, text) : h("span", {}, text));
}
