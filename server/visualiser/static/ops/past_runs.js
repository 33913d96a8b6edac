// Runs that were, as the history has them.

import { fill, h } from "../app/dom.js";
import { duration, moment, short, shortly, workerName } from "../app/format.js";
import { Kept } from "./kept.js";
import { outcome } from "./outcome.js";
import { asked, by } from "./run_card.js";
import { stackingTable } from "./stacking_table.js";

const KEEPS = "[scheduler]\nrecord_task_history = true\n\n[task_history]\ndb_connection = sqlite:////var/lib/luigi/history.db";
const HEADS = ["Run", "Asked for", "By", "Began", "Took", "Ended"];

/** The newest; `more` gives older ones, page by page. */
export class PastRuns {
  #newest = [];
  #older = [];
  #live = new Set();
  #next = "";

  constructor(app) {
    this.app = app;
    const rows = h("tbody", { role: "rowgroup" });
    this.kept = new Kept(rows, { key: ({ run }) => run, make: (run) => new PastRun(app, run) });
    this.table = stackingTable("past", HEADS, rows).element;
    this.none = h("p", { class: "faint" }, "No run is over yet.");
    this.button = h("button", { class: "quiet", onclick: () => this.#more() }, "Older runs");
    this.element = h("section", { hidden: true }, h("h2", {}, "Past runs"), this.none, this.table, this.button);
  }

  /** What `show` shows. */
  ask(signal) {
    return this.app.api.get("runs", { limit: 20 }, signal);
  }

  show({ runs, next }) {
    this.element.hidden = false;
    if (!this.#older.length) this.#next = next;
    this.#newest = runs;
    this.#draw();
  }

  /** Leaves out the runs of these workers that are not over. */
  leave(workers) {
    this.#live = new Set(workers);
    this.#draw();
  }

  async #more() {
    try {
      const { runs, next } = await this.app.api.get("runs", { limit: 100, cursor: this.#next });
      this.#older.push(...runs);
      this.#next = next;
      this.#draw();
    } catch (error) {
      this.app.notices.failed(error);
    }
  }

  #draw() {
    const all = new Map([...this.#newest, ...this.#older].map((run) => [run.run, run]));
    const over = [...all.values()].filter(({ worker, ended }) => ended !== null || !this.#live.has(worker));
    const runs = over.sort((one, other) => other.run - one.run);
    this.kept.show(runs);
    this.table.hidden = runs.length === 0;
    this.none.hidden = runs.length > 0;
    this.button.hidden = !this.#next;
  }
}

/** What stands there where none are kept. */
export function unkept() {
  const words = "They are not kept here. This in the server's configuration keeps them:";
  return h("section", {}, h("h2", {}, "Past runs"), h("p", { class: "faint" }, words), h("pre", {}, KEEPS));
}

class PastRun {
  #took = h("td", { role: "cell", class: "figure", data: { label: "Took" } });
  #how = h("td", { role: "cell", data: { label: "Ended" } });

  constructor(app, { run, worker, roots, user, command, began }) {
    const href = app.router.href({ place: "runs", kept: String(run) });
    const name = h("a", { class: "name", href, title: short(worker, 500) }, `Run ${run}`);
    const who = h("td", { role: "cell", class: "by", data: { label: "By" } }, h("span", { title: short(worker, 500) }, by(user, worker)));
    const what = [asked(roots), command && h("code", { title: short(command, 2_000) }, short(command, 200))];
    this.element = h(
      "tr",
      { role: "row" },
      h("th", { scope: "row", role: "rowheader" }, name),
      h("td", { role: "cell", class: "asked", data: { label: "Asked for" } }, what),
      who,
      h("td", { role: "cell", data: { label: "Began" } }, h("span", { class: "short", title: moment(began) }, shortly(began))),
      this.#took,
      this.#how,
    );
  }

  show({ began, ended, status }) {
    const { words, tone } = outcome(status, ended);
    fill(this.#took, ended === null ? "" : duration(ended - began));
    fill(this.#how, h("span", { class: `status ${tone}` }, words));
  }
}
