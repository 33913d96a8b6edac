// What came of an act, said once and read aloud: a line that goes away by itself, unless something went wrong.

import { h } from "./dom.js";

const SECONDS = 6;

/** Shows lines at the edge of the page. */
export class Notices {
  constructor(element) {
    this.element = element;
  }

  /** It went well. */
  say(text) {
    this.#show(text, "", "status", SECONDS);
  }

  /** It did not. `hint`: what one can do. */
  complain(text, hint = "") {
    this.#show(text, hint, "alert", 4 * SECONDS);
  }

  /** Says what is wrong with a call. */
  failed(error) {
    this.complain(error.message, error.hint);
  }

  #show(text, hint, role, seconds) {
    const close = h("button", { class: "plain", "aria-label": "Close", onclick: () => line.remove() }, "×");
    const line = h("div", { class: `notice ${role}`, role }, h("p", {}, text, hint && h("small", {}, ` ${hint}`)), close);
    this.element.append(line);
    setTimeout(() => line.remove(), seconds * 1000);
  }
}
