// One line of a log: what of it has come so far, as a terminal shows it, with what is looked for marked in it.

import { fill, h } from "../app/dom.js";
import { moment } from "../app/format.js";
import { asShown } from "./printed.js";

const LONGEST = 10_000; // characters: what is longer goes on in the next line

export class Line {
  #raw = "";
  #words = h("span", { class: "words" });

  constructor({ at, stream, label }) {
    this.stream = stream;
    this.text = "";
    this.element = h("div", { class: `line ${stream}`, title: at && moment(at) }, h("span", { class: "stream" }, label), this.#words);
  }

  /** More of it has come. */
  add(text, sought) {
    this.#raw += text;
    this.text = asShown(this.#raw.replace(/\r?\n$/, ""));
    this.show(sought);
  }

  /** Whether what comes next is not of this line. */
  get ended() {
    return this.#raw.endsWith("\n") || this.#raw.length > LONGEST;
  }

  has(sought) {
    return this.text.toLowerCase().includes(sought);
  }

  show(sought) {
    fill(this.#words, sought ? marked(this.text, sought) : this.text);
  }
}

function marked(text, sought) {
  const nodes = [];
  const lower = text.toLowerCase();
  let from = 0;
  for (let at = lower.indexOf(sought); at >= 0; at = lower.indexOf(sought, from)) {
    nodes.push(text.slice(from, at), h("mark", {}, text.slice(at, at + sought.length)));
    from = at + sought.length;
  }
  return [...nodes, text.slice(from)];
}
