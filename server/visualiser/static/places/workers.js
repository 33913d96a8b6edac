// The place "workers": who works, with what, and since when; and the orders one can give them.

import { fill, h } from "../app/dom.js";
import { many, number } from "../app/format.js";
import { Kept } from "../ops/kept.js";
import { nothingRuns } from "../ops/nothing.js";
import { refusal } from "../ops/orders.js";
import { all } from "../ops/pages.js";
import { stackingTable } from "../ops/stacking_table.js";
import { Watch } from "../ops/watch.js";
import { WorkerRows } from "../ops/worker_rows.js";

const HEADS = ["Worker", "User", "Running", "Tasks", "Pending", "Last seen", "For", "Orders"];
const MOST_RUNNING = 300; // tasks of which more than the id is asked for

export class Place {
  #workers = [];
  #summary = h("span", { class: "faint" });
  #none = h("p", { class: "empty", hidden: true }, "No worker is called so.");

  constructor(app) {
    this.app = app;
    const placeholder = "Host, user or id";
    this.search = h("input", { type: "search", placeholder, "aria-label": "Search workers", oninput: () => this.#sought() });
    this.watch = new Watch(app.live, { ask: (signal) => this.#ask(signal), show: (found) => this.#show(found) });
    const { element, table, head } = stackingTable("workers", HEADS);
    const make = (worker) => new WorkerRows(app, worker, () => this.watch.again());
    this.kept = new Kept(table, { key: (worker) => worker.worker_id, make, after: head });
    this.table = h("div", {}, refusal(app), element);
    this.nothing = nothingRuns(app, "No worker is here.");
    const toolbar = h("div", { class: "toolbar" }, h("h1", {}, "Workers"), this.#summary, h("span", { class: "end" }, this.search));
    this.element = h("section", { class: "place ops" }, toolbar, this.watch.note, this.table, this.#none, this.nothing);
    for (const one of [this.table, this.nothing]) one.hidden = true;
  }

  show({ search = "" }) {
    if (this.search.value !== search) this.search.value = search;
    this.#draw();
    this.watch.start();
  }

  hide() {
    this.watch.stop();
  }

  async #ask(signal) {
    const [workers, tasks] = await Promise.all([all(this.app.api, "workers", "workers", { signal }), this.#running(signal)]);
    return { ...workers, tasks };
  }

  /** What runs, by id: as many as a page can show. */
  async #running(signal) {
    const tasks = new Map();
    let offset = 0;
    let total = 0;
    do {
      const query = { status: "RUNNING,BATCH_RUNNING", sort: "started", offset, limit: 100 };
      const page = await this.app.api.get("table", query, signal);
      for (const task of page.tasks) tasks.set(task.task_id, task);
      offset += page.tasks.length || 100;
      total = page.total;
    } while (offset < Math.min(total, MOST_RUNNING));
    return tasks;
  }

  #show({ rows, more, tasks }) {
    const known = (id) => tasks.get(id) ?? { task_id: id };
    this.#workers = rows.map((worker) => ({ ...worker, tasks: worker.running.map(known) }));
    fill(this.#summary, summary(rows), more && `; the first ${number(rows.length)} are shown`);
    this.nothing.hidden = rows.length > 0;
    this.#draw();
  }

  #draw() {
    const words = this.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = this.#workers.filter((worker) => words.every((word) => called(worker).includes(word)));
    this.kept.show(found);
    this.table.hidden = found.length === 0;
    this.#none.hidden = found.length > 0 || this.#workers.length === 0;
  }

  #sought() {
    this.app.router.change({ search: this.search.value }, { replace: true });
  }
}

function called({ worker_id: id, info, enabled, assistant }) {
  const words = [id, info.host, info.username, !enabled && "disabled", assistant && "assistant"];
  return words.filter(Boolean).join(" ").toLowerCase();
}

function summary(workers) {
  const running = workers.reduce((sum, { running }) => sum + running.length, 0);
  const disabled = workers.filter(({ enabled }) => !enabled).length;
  const words = [many(workers.length, "worker"), `${many(running, "task")} running`, disabled && `${number(disabled)} disabled`];
  return words.filter(Boolean).join(" · ");
}
