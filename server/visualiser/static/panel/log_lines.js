// The lines of a log: put together from the pieces in which they come, the last few thousand of them shown.

import { fill, h } from "../app/dom.js";
import { Line } from "./log_line.js";
import { gap } from "./printed.js";

const MOST = 5_000; // lines in the page
const LABELS = { stdout: "", stderr: "err", logging: "log" };

/** `element` scrolls; `left` is how many lines are not shown any more. */
export class LogLines {
  #open = new Map(); // the line that each stream has not ended yet
  #lines = [];
  #sought = "";

  constructor() {
    this.left = 0;
    this.element = h("div", { class: "lines", role: "log", "aria-live": "off", "aria-label": "What it printed", tabindex: 0 });
  }

  /** Adds what was printed: `[{pieces: [{at, stream, text}], lost}]`, `lost` bytes being missing before the pieces. */
  add(pages) {
    const before = this.#lines.length;
    for (const page of pages) this.#take(page);
    const over = Math.max(0, this.#lines.length - MOST);
    for (const line of this.#lines.splice(0, over)) line.element.remove();
    this.element.append(...this.#lines.slice(Math.max(0, before - over)).map((line) => line.element));
    this.left += over;
  }

  get count() {
    return this.#lines.length;
  }

  clear() {
    this.#open.clear();
    this.#lines = [];
    this.left = 0;
    fill(this.element);
  }

  /** Marks a text wherever it stands. Gives the lines that have it. */
  seek(text) {
    this.#sought = text.toLowerCase();
    for (const line of this.#lines) line.show(this.#sought);
    return this.hits();
  }

  hits() {
    return this.#sought ? this.#lines.filter((line) => line.has(this.#sought)) : [];
  }

  #take({ pieces, lost }) {
    if (lost) {
      this.#open.clear();
      this.#begin({ stream: "gap", label: "" }).add(gap(lost), this.#sought);
    }
    for (const piece of pieces) this.#print(piece);
  }

  #print({ at, stream, text }) {
    for (const part of text.split(/(?<=\n)/)) {
      const line = this.#open.get(stream) ?? this.#begin({ at, stream, label: this.#label(stream) });
      line.add(part, this.#sought);
      if (line.ended) this.#open.delete(stream);
      else this.#open.set(stream, line);
    }
  }

  /** A stream is named where it sets in. */
  #label(stream) {
    return this.#lines.at(-1)?.stream === stream ? "" : LABELS[stream];
  }

  #begin(about) {
    const line = new Line(about);
    this.#lines.push(line);
    return line;
  }
}
