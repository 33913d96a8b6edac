// A few tasks in a cell of a table: each by its mark, its name, which opens it, and what there is to say of it.

import { fill, h, set } from "../app/dom.js";
import { number, short } from "../app/format.js";
import { mark } from "../app/status.js";
import { Kept } from "./kept.js";

const MOST = 5;

/**
 * `show(tasks, rest)`: tasks are `{task_id, name, status, percentage, words}`, of which the first few are shown; `rest`
 * is the link to all of them.
 */
export class TaskLines {
  #list = h("ul", { class: "task-lines" });
  #more = h("a", { class: "more" });

  constructor(app) {
    this.element = h("div", {}, this.#list, this.#more);
    this.lines = new Kept(this.#list, { key: (task) => task.task_id, make: (task) => new TaskLine(app, task) });
  }

  show(tasks, rest) {
    this.lines.show(tasks.slice(0, MOST));
    const more = tasks.length - MOST;
    this.#more.hidden = more <= 0;
    set(this.#more, { href: rest });
    fill(this.#more, more > 0 && `and ${number(more)} more`);
  }
}

class TaskLine {
  #mark = h("span", {});
  #link = h("a", { class: "name" });
  #share = h("span", { class: "progress", "aria-hidden": "true" }, h("span", {}));
  #words = h("span", { class: "faint" });
  #status = "";

  constructor(app, { task_id }) {
    this.app = app;
    this.taskId = task_id;
    this.element = h("li", {}, this.#mark, this.#link, this.#share, this.#words);
  }

  show({ name = this.taskId, status = "RUNNING", percentage = null, words = "" }) {
    if (status !== this.#status) fill(this.#mark, mark(status, { labelled: true }));
    this.#status = status;
    set(this.#link, { href: this.app.router.href({ ...this.app.router.here, task: this.taskId }), title: short(name, 500) });
    fill(this.#link, short(name));
    this.#share.hidden = percentage === null;
    set(this.#share.firstChild, { style: { width: `${percentage ?? 0}%` } });
    fill(this.#words, [percentage !== null && `${Math.round(percentage)} %`, words].filter(Boolean).join(" · "));
  }
}
