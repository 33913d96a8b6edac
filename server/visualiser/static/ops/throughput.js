// How many tasks were done, and failed, over the last hour or the last six.

import { fill, h } from "../app/dom.js";
import { Columns } from "../charts/columns.js";
import { Watch } from "./watch.js";

const HOURS = { 1: "Last hour", 6: "Last 6 hours" };
const STEP = 10; // seconds: the server counts no finer

export class Throughput {
  #hours = "1";
  #links = h("span", { class: "choice" });

  constructor(app) {
    this.app = app;
    this.columns = new Columns("Throughput");
    this.watch = new Watch(app.live, {
      ask: (signal) => app.api.get("throughput", { seconds: Number(this.#hours) * 3600 }, signal),
      show: (curve) => this.columns.show(curve),
      least: STEP,
    });
    const head = h("div", { class: "toolbar" }, h("h2", {}, "Throughput"), this.#links);
    this.element = h("section", { class: "throughput" }, head, this.watch.note, this.columns.element);
  }

  show({ hours }) {
    const chosen = hours in HOURS ? hours : "1";
    const links = Object.entries(HOURS).map(([name, words]) => {
      const href = this.app.router.href({ ...this.app.router.here, hours: name === "1" ? "" : name });
      return h("a", { href, "aria-current": name === chosen ? "true" : null }, words);
    });
    fill(this.#links, links);
    if (chosen === this.#hours) return this.watch.start();
    this.#hours = chosen;
    this.watch.start();
    this.watch.again();
  }

  hide() {
    this.watch.stop();
  }
}
