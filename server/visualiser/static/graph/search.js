// Finds nodes by words, and goes from one to the next.

import { fill, h } from "../app/dom.js";
import { number } from "../app/format.js";
import { wordsOf } from "./nodes.js";

/** A search box for a picture. `changed(text)` is called as somebody types. */
export class Search {
  #keys = [];
  #at = -1;
  #said = h("span", { class: "faint", role: "status" });

  constructor(picture, changed) {
    this.picture = picture;
    const words = "Find in the graph";
    const typed = () => changed(this.input.value);
    this.input = h("input", { type: "search", placeholder: words, "aria-label": words, oninput: typed });
    this.input.addEventListener("keydown", (event) => this.#key(event));
    this.element = h("span", { class: "search" }, this.input, this.#said);
  }

  /** Looks for a text in what is drawn now. */
  look(text) {
    if (this.input.value !== text) this.input.value = text;
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    const nodes = words.length ? [...(this.picture.graph?.nodes.values() ?? [])] : [];
    this.#keys = nodes.filter((node) => words.every((word) => wordsOf(node).includes(word))).map((node) => node.key);
    this.#at = -1;
    this.#show(words.length > 0);
  }

  #show(searching) {
    this.picture.found(searching ? new Set(this.#keys) : null, this.#keys[this.#at] ?? "");
    const all = number(this.#keys.length);
    fill(this.#said, searching ? (this.#at < 0 ? `${all} found` : `${number(this.#at + 1)} of ${all}`) : "");
  }

  #key(event) {
    if (event.key === "Escape") this.input.blur();
    if (event.key !== "Enter" || !this.#keys.length) return;
    event.preventDefault();
    const step = event.shiftKey ? -1 : 1;
    const count = this.#keys.length;
    this.#at = this.#at < 0 ? (step > 0 ? 0 : count - 1) : (this.#at + step + count) % count;
    this.#show(true);
  }
}
