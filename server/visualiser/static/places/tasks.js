// The place "tasks": all of them as a list that one narrows, sorts, chooses from and acts on.

import { fill, h, set } from "../app/dom.js";
import { many, number } from "../app/format.js";
import { Cards } from "../tasks/cards.js";
import { Chips } from "../tasks/chips.js";
import { Chosen } from "../tasks/chosen.js";
import { keys } from "../tasks/keys.js";
import { List } from "../tasks/list.js";
import { isNarrowed, whereOf } from "../tasks/listing.js";
import { Rail } from "../tasks/rail.js";
import { RetryFailed } from "../tasks/retry_failed.js";
import { Search } from "../tasks/search.js";

/** Cards of statuses above, families at the left, and the table, whose list stands in the URL. */
export class Place {
  #ends = [];
  #known = 0;

  constructor(app) {
    this.app = app;
    const where = () => whereOf(app.router.here);
    this.list = new List(app, () => this.#arrived());
    this.table = this.list.table;
    this.cards = new Cards(app.router);
    this.rail = new Rail(app, () => this.#drawer(false));
    this.search = new Search(app.router, () => this.table.move(0));
    this.chips = new Chips(app.router, () => this.search.element.focus());
    this.chosen = new Chosen(app, this.table, where);
    const [total, act] = [() => this.table.total, (list) => this.chosen.actOnAll("retry", list)];
    this.retry = new RetryFailed(app, { where, total, act });
    this.element = this.#laidOut();
    keys(app.keyboard, this);
  }

  /** Whether somebody looks at it. */
  get isShown() {
    return this.#ends.length > 0;
  }

  async show(here) {
    if (!this.isShown) this.#begin();
    for (const part of [this.cards, this.rail, this.chips, this.retry]) part.show();
    this.search.show(here);
    if (await this.list.show(here)) this.#speak();
  }

  hide() {
    for (const end of this.#ends.splice(0)) end();
    this.search.hide();
  }

  #laidOut() {
    this.figure = h("small", {});
    this.spoken = h("p", { class: "spoken", "aria-live": "polite" });
    const press = () => this.#drawer(!this.middle.classList.contains("drawn"));
    this.opener = h("button", { class: "quiet opener", "aria-expanded": "false", onclick: press }, "Families");
    const title = h("h1", {}, "Tasks ", this.figure);
    const toolbar = h("div", { class: "toolbar" }, title, this.opener, this.search.element, this.retry.element);
    const table = [this.table.element, this.list.instead, this.chosen.element];
    const list = h("div", { class: "list" }, toolbar, this.chips.element, table, this.spoken);
    const leave = (event) => event.key === "Escape" && this.#drawer(false);
    this.middle = h("div", { class: "middle", onkeydown: leave }, this.rail.element, list);
    return h("section", { class: "place tasks-place" }, this.cards.element, this.middle);
  }

  #begin() {
    const { live } = this.app;
    this.table.restore();
    this.#ends = [
      live.on("counts", (counts) => this.#counted(counts)),
      live.on("changes", ({ tasks, removed }) => this.table.update(tasks, removed)),
      live.on("tick", () => this.#turn(live.counts.version)),
    ];
    if (live.counts) this.#counted(live.counts);
  }

  #counted(counts) {
    this.#known = Object.values(counts.counts).reduce((sum, count) => sum + count, 0);
    this.cards.count(counts);
    this.retry.count(counts);
    this.#say();
  }

  #turn(version) {
    this.list.turn(version);
    this.rail.turn(version);
  }

  #arrived() {
    this.retry.show();
    this.#say();
  }

  /** How many are listed, of how many. */
  #say() {
    const { total } = this.table;
    if (total === null) return;
    const isPart = this.#known && isNarrowed(whereOf(this.app.router.here));
    fill(this.figure, isPart ? `${number(total)} of ${number(this.#known)}` : number(total));
  }

  #speak() {
    if (this.table.total !== null) fill(this.spoken, `${many(this.table.total, "task")} listed.`);
  }

  /** On narrow pages the families are drawn over the table. */
  #drawer(isOpen) {
    if (isOpen === this.middle.classList.contains("drawn")) return;
    this.middle.classList.toggle("drawn", isOpen);
    set(this.opener, { "aria-expanded": String(isOpen) });
    (isOpen ? this.rail.element.querySelector("button.close") : this.opener).focus();
  }
}
