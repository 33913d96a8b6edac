// The box that narrows the list while one types.

import { h } from "../app/dom.js";

const PAUSE = 60; // milliseconds after the last letter: less than most take from one to the next
const HELP = `Words that are in a task's name or parameters, however they are written.
name=value: a parameter of exactly that value; * stands for anything, as in day=2026-*`;

/** The box. `down()` is called when somebody goes on to the list. */
export class Search {
  #timer = 0;

  constructor(router, down) {
    this.router = router;
    this.element = h("input", {
      type: "search",
      class: "search",
      placeholder: "Search: words, or day=2026-07-*",
      "aria-label": "Search the tasks: words, or name=value",
      title: HELP,
      maxlength: 1000,
      autocomplete: "off",
      spellcheck: "false",
      oninput: () => this.#typed(),
      onkeydown: (event) => this.#key(event, down),
    });
  }

  /** Shows what is searched for, unless somebody is about to change that. */
  show({ search = "" }) {
    if (!this.#timer && this.element.value !== search) this.element.value = search;
  }

  /** Forgets what was typed last, if it has not been searched for yet. */
  hide() {
    clearTimeout(this.#timer);
    this.#timer = 0;
  }

  #typed() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#search(), PAUSE);
  }

  #search() {
    this.hide();
    this.router.change({ search: this.element.value }, { replace: true });
  }

  #key(event, down) {
    if (event.key !== "Enter" && event.key !== "ArrowDown") return;
    event.preventDefault();
    this.#search();
    down();
  }
}
