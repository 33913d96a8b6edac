// Looks for a text in a log, and goes from one line that has it to the next.

import { h } from "../app/dom.js";
import { number } from "../app/format.js";

export class LogSearch {
  #hits = [];
  #at = -1;

  constructor(lines, found) {
    Object.assign(this, { lines, found });
    const hear = { oninput: () => this.#seek(), onkeydown: (event) => this.#key(event) };
    this.field = h("input", { type: "search", placeholder: "Find in the log", "aria-label": "Find in the log", ...hear });
    this.count = h("span", { class: "faint", "aria-live": "polite" });
    this.element = h("span", { class: "find" }, this.field, this.count);
  }

  /** More lines have come. */
  again() {
    if (!this.field.value) return;
    this.#hits = this.lines.hits();
    this.#tell();
  }

  #seek() {
    this.#hits = this.lines.seek(this.field.value);
    this.#go(this.#hits.length - 1); // the newest
  }

  #key(event) {
    if (event.key !== "Enter" || !this.#hits.length) return;
    event.preventDefault();
    const step = event.shiftKey ? -1 : 1;
    this.#go((this.#at + step + this.#hits.length) % this.#hits.length);
  }

  #go(at) {
    this.lines.element.querySelector(".line.current")?.classList.remove("current");
    this.#at = at;
    const line = this.#hits[at];
    line?.element.classList.add("current");
    if (line) this.found(line.element);
    this.#tell();
  }

  #tell() {
    const count = `${number(this.#at + 1)} of ${number(this.#hits.length)}`;
    this.count.textContent = !this.field.value ? "" : this.#hits.length ? count : "not found";
  }
}
