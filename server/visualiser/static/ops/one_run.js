// One run: how far it is, its attempts over time, and how much gets done.

import { fill, h } from "../app/dom.js";
import { many } from "../app/format.js";
import { counted } from "../charts/buckets.js";
import { Columns } from "../charts/columns.js";
import { Timeline } from "../charts/timeline.js";

/**
 * Shows what a source tells: `watch(show)` gives a `Watch`, whose answers are `{head, attempts, from, until, remark}`;
 * `element` is what stands above the drawings.
 */
export class OneRun {
  constructor(app, source, title) {
    this.timeline = new Timeline(app);
    this.columns = new Columns("Throughput of this run");
    this.remark = h("span", { class: "faint" });
    const head = h("div", { class: "toolbar" }, h("h2", {}, "Timeline"), this.remark);
    this.drawings = h("div", { hidden: true }, head, this.timeline.element, h("h2", {}, "Throughput"), this.columns.element);
    this.watch = source.watch((found) => this.#show(found));
    const back = h("a", { href: app.router.href({ place: "runs" }) }, "‹ All runs");
    const top = h("div", { class: "toolbar" }, back, h("h1", {}, h("bdi", {}, title)));
    this.element = h("div", { class: "ops" }, top, this.watch.note, source.element, this.drawings);
  }

  show({ task = "" }) {
    this.timeline.mark(task);
    this.watch.start();
  }

  hide() {
    this.watch.stop();
  }

  #show({ attempts, from, until, remark }) {
    this.drawings.hidden = false;
    fill(this.remark, [attempts.length ? many(attempts.length, "attempt") : "No attempt is known", remark].filter(Boolean).join("; "), ".");
    this.timeline.show({ attempts, from, until, since: from });
    const ends = attempts.map(({ ended }) => ended).filter((ended) => ended !== null);
    this.columns.show(counted(attempts, from, until ?? Math.max(Date.now() / 1000, ...ends)));
  }
}
