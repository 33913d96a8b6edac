// A part of the panel that can be folded. Folded it asks nothing; what it shows is made anew only when it differs.

import { Problem } from "../app/api.js";
import { fill, h } from "../app/dom.js";

/**
 * What each part adds: `ask(task)` gives what it shows, from the task or from the server; `draw(found)` makes it
 * elements; `applies(task)` tells whether it is there at all, `empty(task)` whether it is a line that does not unfold;
 * `note(task)` is said beside its title, folded too; `depends(task)` is what of the task makes it ask anew.
 * `mentions` are the ids of other tasks that it shows.
 */
export class Section {
  #open;
  #turn = 0;
  #shown = "";
  #stale = true;
  #known = "";
  #said = h("span", { class: "note" });

  constructor(desk, { name, title, open = true }) {
    this.desk = desk;
    this.mentions = new Set();
    this.key = `luigi-panel-${name}`;
    this.#open = remembered(this.key) ?? open;
    this.body = h("div", { class: "body" });
    const head = h("summary", {}, h("h3", {}, title), this.#said);
    this.element = h("details", { class: `section ${name}`, ontoggle: () => this.#toggled() }, head, this.body);
    this.element.open = this.#open;
  }

  /** Whether somebody sees what it shows. */
  get seen() {
    return this.element.open && !this.element.hidden;
  }

  /** The task as it is now. */
  show(task) {
    this.task = task;
    this.element.hidden = !this.applies(task);
    this.element.classList.toggle("none", this.empty(task));
    fill(this.#said, this.note(task));
    const known = String(this.depends(task));
    this.#stale ||= known !== this.#known;
    this.#known = known;
    if (this.#stale) this.refresh();
  }

  applies() {
    return true;
  }

  empty() {
    return false;
  }

  note() {
    return "";
  }

  depends({ version }) {
    return version;
  }

  /** Asks anew, if somebody sees it. */
  async refresh() {
    this.#stale = !this.seen;
    if (this.#stale || !this.task) return;
    this.#turn += 1;
    const turn = this.#turn;
    try {
      const found = await this.ask(this.task);
      if (turn === this.#turn) this.#show(found);
    } catch (error) {
      this.#stale = true;
      if (turn === this.#turn) this.failed(error);
    }
  }

  /** Called every two seconds while the panel is open. */
  tick() {}

  /** Says why there is nothing to show. While the server is away what is known stays: the bar says the rest. */
  failed(error) {
    if (!(error instanceof Problem)) return this.desk.missed(error);
    this.#shown = "";
    fill(this.body, h("p", { class: "bad" }, error.message), error.hint && h("p", { class: "faint" }, error.hint));
  }

  #show(found) {
    const text = JSON.stringify(found);
    if (text === this.#shown) return;
    this.#shown = text;
    fill(this.body, this.draw(found));
  }

  #toggled() {
    if (this.element.open === this.#open) return;
    this.#open = this.element.open;
    localStorage.setItem(this.key, this.#open ? "open" : "folded");
    if (this.#stale) this.refresh();
  }
}

function remembered(key) {
  return { open: true, folded: false }[localStorage.getItem(key)];
}
