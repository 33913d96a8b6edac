// All runs: what goes on, how much gets done, and what was.

import { fill, h } from "../app/dom.js";
import { many, number } from "../app/format.js";
import { Kept } from "./kept.js";
import { nothingRuns } from "./nothing.js";
import { refusal } from "./orders.js";
import { all } from "./pages.js";
import { PastRuns, unkept } from "./past_runs.js";
import { RunCard } from "./run_card.js";
import { Throughput } from "./throughput.js";
import { Watch } from "./watch.js";

const FEW = 20; // of them shown at once
const MOST = 200; // runs that are under way
const SELDOM = 10; // seconds between two looks at what was

export class AllRuns {
  #runs = [];
  #isLong = false;
  #summary = h("span", { class: "faint" });

  constructor(app) {
    this.app = app;
    const cards = h("div", { class: "runs" });
    this.kept = new Kept(cards, { key: (run) => run.worker_id, make: (run) => new RunCard(app, run, () => this.watches[0].again()) });
    this.button = h("button", { class: "quiet", hidden: true, onclick: () => this.#lengthen() }, "");
    this.live = h("div", { hidden: true }, refusal(app), cards, this.button);
    this.nothing = nothingRuns(app, "Nothing runs.");
    this.throughput = new Throughput(app);
    this.past = new PastRuns(app);
    const live = (signal) => all(app.api, "live-runs", "runs", { most: MOST, signal });
    this.watches = [new Watch(app.live, { ask: live, show: (found) => this.#show(found) })];
    if (app.server.keeps_history) this.watches.push(this.#watchPast());
    const head = h("div", { class: "toolbar" }, h("h1", {}, "Runs"), this.#summary);
    const notes = this.watches.map(({ note }) => note);
    const past = app.server.keeps_history ? this.past.element : unkept();
    this.element = h("div", { class: "ops" }, head, notes, this.live, this.nothing, this.throughput.element, past);
  }

  #watchPast() {
    return new Watch(this.app.live, { ask: (signal) => this.past.ask(signal), show: (found) => this.past.show(found), least: SELDOM });
  }

  show(here) {
    this.throughput.show(here);
    for (const watch of this.watches) watch.start();
  }

  hide() {
    this.throughput.hide();
    for (const watch of this.watches) watch.stop();
  }

  #lengthen() {
    this.#isLong = true;
    this.#draw();
  }

  #show({ rows, more }) {
    this.#runs = rows.toSorted((one, other) => other.began - one.began);
    this.#draw();
    fill(this.#summary, many(rows.length, "run"), " under way", more && `; ${number(rows.length)} of them are shown`);
    this.past.leave(rows.map(({ worker_id: id }) => id));
    this.live.hidden = rows.length === 0;
    this.nothing.hidden = rows.length > 0;
  }

  #draw() {
    const few = this.#isLong ? this.#runs : this.#runs.slice(0, FEW);
    this.kept.show(few);
    this.button.hidden = few.length === this.#runs.length;
    fill(this.button, `All ${number(this.#runs.length)} runs`);
  }
}
