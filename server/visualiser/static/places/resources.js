// The place "resources": how much there is of each, what holds it, and what waits.

import { fill, h } from "../app/dom.js";
import { many } from "../app/format.js";
import { Kept } from "../ops/kept.js";
import { refusal } from "../ops/orders.js";
import { all } from "../ops/pages.js";
import { ResourceRow } from "../ops/resource_row.js";
import { stackingTable } from "../ops/stacking_table.js";
import { Watch } from "../ops/watch.js";

const HEADS = ["Resource", "In use", "Waiting", "Held by", "Orders"];

export class Place {
  #summary = h("span", { class: "faint" });
  #rows = h("tbody", { role: "rowgroup" });

  constructor(app) {
    const make = (resource) => new ResourceRow(app, resource, () => this.watch.again());
    this.kept = new Kept(this.#rows, { key: (resource) => resource.name, make });
    this.watch = new Watch(app.live, {
      ask: (signal) => all(app.api, "resources", "resources", { signal }),
      show: (found) => this.#show(found),
    });
    this.table = h("div", { hidden: true }, refusal(app), stackingTable("resources", HEADS, this.#rows).element);
    this.nothing = nothing();
    const toolbar = h("div", { class: "toolbar" }, h("h1", {}, "Resources"), this.#summary);
    this.element = h("section", { class: "place ops" }, toolbar, this.watch.note, this.table, this.nothing);
  }

  show() {
    this.watch.start();
  }

  hide() {
    this.watch.stop();
  }

  #show({ rows }) {
    const full = rows.filter(({ used, limit }) => used >= limit && used > 0).length;
    fill(this.#summary, [many(rows.length, "resource"), full && `${full} in full use`].filter(Boolean).join(" · "));
    this.kept.show(rows);
    this.table.hidden = rows.length === 0;
    this.nothing.hidden = rows.length > 0;
  }
}

function nothing() {
  return h(
    "div",
    { class: "empty", hidden: true },
    h("p", {}, "No resource is limited or in use. A task says what it takes:"),
    h("pre", {}, 'class Load(luigi.Task):\n    resources = {"database": 1}'),
    h("p", {}, "How much there is, the server's configuration says:"),
    h("pre", {}, "[resources]\ndatabase = 4"),
  );
}
