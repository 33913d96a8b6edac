// The chosen task, beside whatever place one is in.

import { fill, h } from "../app/dom.js";
import { OneTask } from "./one_task.js";
import { edgeOf } from "./width.js";

/** Fills the element; `show("")` closes it. */
export class Panel {
  #id = "";
  #task = null;
  #before = null; // what had the focus when it was opened
  #ends = [];

  constructor(element, app) {
    this.element = element;
    this.app = app;
    this.sheet = h("div", { class: "sheet" });
    this.close = h("button", { class: "plain close", "aria-label": "Close the task", onclick: () => app.router.change({ task: "" }) }, "×");
    fill(element, edgeOf(element), this.sheet);
  }

  /** Shows a task. The focus goes to its name, but for a task that is chosen in the place beside the open panel. */
  show(id) {
    if (id === this.#id) return;
    const opened = !this.#id;
    const within = this.element.contains(document.activeElement);
    if (opened) this.#before = document.activeElement;
    this.#id = id;
    this.#leave();
    if (!id) return this.#shut(within);
    this.element.hidden = false;
    this.#enter(id);
    if (opened || within) this.#task.heading.focus({ preventScroll: true });
  }

  #enter(id) {
    const task = new OneTask(this.app, id, this.close);
    const { live } = this.app;
    this.#task = task;
    this.#ends = [live.on("changes", (changes) => task.changed(changes)), live.on("tick", () => task.tick())];
    fill(this.sheet, task.element);
    this.sheet.scrollTop = 0;
    task.refresh();
  }

  #leave() {
    for (const end of this.#ends.splice(0)) end();
    this.#task?.end();
    this.#task = null;
  }

  #shut(within) {
    this.element.hidden = true;
    fill(this.sheet);
    if (!within) return;
    const back = this.#before?.isConnected && this.#before !== document.body ? this.#before : listing();
    back.focus({ preventScroll: true });
  }
}

/** Where the focus goes when what had it is there no more: rows are made anew all the time. */
function listing() {
  return document.querySelector("main [role=grid]") ?? document.querySelector("main");
}
