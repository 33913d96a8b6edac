// One worker: who it is, what it runs, when it was heard of, and what one can have it do.

import { fill, h, set } from "../app/dom.js";
import { ago, duration, moment, number, short, workerName } from "../app/format.js";
import { LABELS } from "../app/acts.js";
import { orderButton } from "./orders.js";
import { badge, isSilent } from "./signs.js";
import { TaskLines } from "./task_lines.js";

const COLUMNS = 8;

/**
 * Its part of the table of workers, a row and one that can be unfolded; `show` takes a worker of the API, whose `tasks`
 * are those that it runs; `acted` is called after an order.
 */
export class WorkerRows {
  #badges = h("span", { class: "badges" });
  #who = cell("User", "user");
  #busy = cell("Running", "figure");
  #pending = cell("Pending", "figure");
  #seen = cell("Last seen", "figure");
  #since = cell("For", "figure");
  #info = h("dl", {});

  constructor(app, { worker_id: id }, acted) {
    Object.assign(this, { app, id, acted });
    const name = h("a", { class: "name", href: app.router.href({ place: "runs", run: id }), title: short(id, 500) }, workerName(id));
    const whole = h("tr", { role: "row", class: "whole", hidden: true }, h("td", { role: "cell", colspan: COLUMNS }, this.#info));
    const fold = h("button", { class: "plain fold", "aria-expanded": "false", onclick: () => unfold(fold, whole) }, "Details");
    this.tasks = new TaskLines(app);
    this.acts = this.#acts(id);
    const row = h(
      "tr",
      { role: "row" },
      h("th", { scope: "row", role: "rowheader" }, name, this.#badges, fold),
      this.#who,
      this.#busy,
      fill(cell("Tasks", "few"), this.tasks.element),
      this.#pending,
      this.#seen,
      this.#since,
      fill(cell("", "acts"), Object.values(this.acts)),
    );
    this.element = h("tbody", { role: "rowgroup" }, row, whole);
  }

  show(worker) {
    const { info, enabled, assistant, running, pending, active, known_since: since } = worker;
    this.processes = info.workers ?? 1;
    fill(this.#badges, !enabled && badge("disabled", "held"), assistant && badge("assistant", "calm"));
    fill(this.#who, h("span", { title: short(String(info.username ?? ""), 500) }, short(String(info.username ?? ""), 60)));
    fill(this.#busy, number(running.length), info.workers && h("span", { class: "faint" }, ` of ${short(String(info.workers), 12)}`));
    this.tasks.show(worker.tasks, this.app.router.href({ run: this.id, status: "RUNNING,BATCH_RUNNING" }));
    fill(this.#pending, number(pending));
    fill(this.#seen, h("span", { class: isSilent(active) ? "held" : null, title: moment(active) }, ago(active)));
    fill(this.#since, h("span", { title: moment(since) }, duration(Date.now() / 1000 - since)));
    this.acts.disable.disabled = !this.app.acts.allowed || !enabled;
    this.#explain(info);
  }

  #acts(id) {
    const { app } = this;
    const button = (name, subject) => orderButton(app, LABELS[name], () => app.acts.act(name, subject()).then(this.acted));
    return {
      processes: button("set_processes", () => ({ worker: id, processes: this.processes })),
      disable: button("disable_worker", () => id),
    };
  }

  /** Written anew only when it is another: somebody may be reading, or copying from it. */
  #explain(info) {
    const lines = [["id", this.id], ...Object.entries(info).sort(([one], [other]) => one.localeCompare(other))];
    const said = JSON.stringify(lines);
    if (said === this.said) return;
    this.said = said;
    fill(this.#info, lines.map(([name, value]) => [h("dt", {}, short(name, 100)), h("dd", {}, text(value))]));
  }
}

function unfold(fold, whole) {
  whole.hidden = !whole.hidden;
  fold.setAttribute("aria-expanded", String(!whole.hidden));
}

function text(value) {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function cell(label, kind = null) {
  return set(h("td", { role: "cell", class: kind }), { data: { label } });
}
