// One resource: how much of it is in use, by whom, and what waits for it.

import { LABELS } from "../app/acts.js";
import { fill, h, set } from "../app/dom.js";
import { ago, ahead, number, short, workerName } from "../app/format.js";
import { orderButton } from "./orders.js";
import { TaskLines } from "./task_lines.js";

/** A row of the table of resources; `show` takes a resource of the API; `acted` is called after an order. */
export class ResourceRow {
  #used = h("span", { class: "gauge", "aria-hidden": "true" }, h("span", {}));
  #words = h("span", {});
  #waiting = h("td", { role: "cell", class: "figure", data: { label: "Waiting" } });

  constructor(app, { name }, acted) {
    Object.assign(this, { app, name, limit: 0 });
    this.holders = new TaskLines(app);
    const change = () => app.acts.act("set_limit", { name, limit: this.limit }).then(acted);
    this.element = h(
      "tr",
      { role: "row" },
      h("th", { scope: "row", role: "rowheader" }, h("span", { class: "name", title: short(name, 500) }, short(name))),
      h("td", { role: "cell", data: { label: "In use" } }, h("span", { class: "use" }, this.#used, this.#words)),
      this.#waiting,
      h("td", { role: "cell", class: "few", data: { label: "Held by" } }, this.holders.element),
      h("td", { role: "cell", class: "acts" }, orderButton(app, LABELS.set_limit, change)),
    );
  }

  show({ limit, used, holders, waiting, window, next }) {
    this.limit = limit;
    const share = limit > 0 ? Math.min(1, used / limit) : Number(used > 0);
    set(this.#used, { class: `gauge ${tone(used, limit)}` });
    set(this.#used.firstChild, { style: { width: `${100 * share}%` } });
    fill(this.#words, h("strong", {}, number(used)), ` of ${number(limit)}${per(window)}`, next ? ` · more ${ahead(next)}` : "");
    fill(this.#waiting, this.#waits(waiting));
    const rest = this.app.router.href({ status: "RUNNING,BATCH_RUNNING", resource: this.name });
    this.holders.show(holders.toSorted((one, other) => one.since - other.since).map(held), rest);
  }

  #waits(waiting) {
    if (!waiting) return h("span", { class: "faint" }, "none");
    return h("a", { href: this.app.router.href({ status: "PENDING", resource: this.name }) }, number(waiting));
  }
}

const UNITS = { 1: "second", 60: "minute", 3600: "hour", 86400: "day" };

// Of a rate, within what time so many may begin.
function per(window) {
  if (!window) return "";
  return ` per ${UNITS[window] ?? `${number(window)} s`}`;
}

function held({ task_id, name, worker, amount, since }) {
  const where = worker && workerName(worker);
  return { task_id, name, words: [number(amount), ago(since), where].filter(Boolean).join(" · ") };
}

function tone(used, limit) {
  if (used > limit) return "bad";
  return used === limit ? "held" : "busy";
}
