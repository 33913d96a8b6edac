// A place that is one table, watched: a row for each thing there is, or what to do where there is none.

import { fill, h } from "../app/dom.js";
import { Kept } from "./kept.js";
import { refusal } from "./orders.js";
import { all } from "./pages.js";
import { stackingTable } from "./stacking_table.js";
import { Watch } from "./watch.js";

export class RowsPlace {
  #summary = h("span", { class: "faint" });
  #rows = h("tbody", { role: "rowgroup" });

  /** `noun`: what the API calls them all; `make` makes a row of one, `summary` tells of all in words, `nothing` is shown for none. */
  constructor(app, { noun, title, heads, make, summary, nothing }) {
    this.summary = summary;
    this.kept = new Kept(this.#rows, { key: ({ name }) => name, make: (one) => make(one, () => this.watch.again()) });
    this.watch = new Watch(app.live, {
      ask: (signal) => all(app.api, noun, noun, { signal }),
      show: (found) => this.#show(found),
    });
    this.table = h("div", { hidden: true }, refusal(app), stackingTable(noun, heads, this.#rows).element);
    this.nothing = h("div", { class: "empty", hidden: true }, ...nothing);
    const toolbar = h("div", { class: "toolbar" }, h("h1", {}, title), this.#summary);
    this.element = h("section", { class: "place ops" }, toolbar, this.watch.note, this.table, this.nothing);
  }

  show() {
    this.watch.start();
  }

  hide() {
    this.watch.stop();
  }

  #show({ rows }) {
    fill(this.#summary, this.summary(rows));
    this.kept.show(rows);
    this.table.hidden = rows.length === 0;
    this.nothing.hidden = rows.length > 0;
  }
}
