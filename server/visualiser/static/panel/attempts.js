// The attempts at the task, the newest first: when, where, how long, how each ended.

import { h } from "../app/dom.js";
import { duration, moment, workerName } from "../app/format.js";
import { about, mark } from "../app/status.js";
import { errorOf } from "./error.js";
import { Few } from "./few.js";
import { Section } from "./section.js";
import { lasting, since } from "./times.js";

export class Attempts extends Section {
  #few = new Few();

  constructor(desk) {
    super(desk, { name: "attempts", title: "Attempts" });
  }

  depends({ status, updated, started }) {
    return [status, updated, started];
  }

  ask() {
    return this.desk.attempts();
  }

  draw({ attempts, since: oldest, next }) {
    if (!attempts.length) return h("p", { class: "faint" }, "It has not been tried, as far as is remembered.");
    return [
      this.#few.list("attempts", attempts, (one) => this.#attempt(one)),
      next && h("p", {}, h("a", { href: this.#history() }, "Older ones are in the history")),
      oldest && h("p", { class: "faint" }, `As the scheduler remembers them, since ${moment(oldest)}.`),
    ];
  }

  #history() {
    return new URL(`history/by_task_id/${encodeURIComponent(this.desk.id)}`, this.desk.app.api.root);
  }

  #attempt({ status, worker, started, ended, error, cut, attempt }) {
    const place = worker && h("span", { class: "faint", title: worker }, `on ${workerName(worker)}`);
    const when = ended && started && since(started);
    const line = h("p", {}, mark(status), h("strong", {}, about(status).word), " ", took(started, ended), " ", place, " ", when);
    return [line, error && h("details", {}, h("summary", {}, "Its error"), errorOf(error), cut?.includes("error") && this.#whole(attempt))];
  }

  #whole(attempt) {
    return h("p", {}, h("a", { href: new URL(`history/attempts/${attempt}`, this.desk.app.api.root) }, "Its beginning is in the history"));
  }
}

/** Of an attempt that began before what is remembered, only the end is known. */
function took(started, ended) {
  if (!ended) return h("span", {}, "for ", lasting(started));
  return started ? h("span", {}, `took ${duration(ended - started)}`) : h("span", {}, "ended ", since(ended));
}
