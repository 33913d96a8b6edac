// What keys do. None acts while somebody writes, or a dialog is open.

import { tell } from "./dialog.js";
import { h } from "./dom.js";

const PRESSED = new Set(["checkbox", "radio", "button", "range"]); // inputs that take no letters
const SEQUENCE = 1_000; // milliseconds within which `g` and `t` are one

/** Keys by what they do: `keys.add("g t", "Tasks", act)`. Names of keys are those of `KeyboardEvent.key`. */
export class Keyboard {
  #acts = new Map();
  #before = "";
  #at = 0;

  constructor() {
    document.addEventListener("keydown", (event) => this.#pressed(event));
    this.add("?", "What the keys do", () => this.explain());
  }

  /** Has `act` done by these keys. */
  add(keys, words, act) {
    this.#acts.set(keys, { words, act });
  }

  /** Shows what there is. */
  explain() {
    const lines = [...this.#acts].map(([keys, { words }]) => [
      h("dt", {}, keys.split(" ").map((key) => h("kbd", {}, key))),
      h("dd", {}, words),
    ]);
    tell("Keys", h("dl", { class: "keys" }, lines));
  }

  #pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    const both = event.timeStamp - this.#at < SEQUENCE ? `${this.#before} ${event.key}` : "";
    this.#before = event.key;
    this.#at = event.timeStamp;
    const found = this.#acts.get(both) ?? this.#acts.get(event.key);
    if (!found) return;
    event.preventDefault();
    found.act();
  }
}

function isWriting(element) {
  if (element.tagName === "INPUT") return !PRESSED.has(element.type);
  return element.isContentEditable || /^(TEXTAREA|SELECT)$/.test(element.tagName);
}
