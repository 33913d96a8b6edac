// The line below the table: how many tasks are chosen, and what can be done with them.

import { fill, h, set } from "../app/dom.js";
import { LABELS } from "../app/acts.js";
import { many, number } from "../app/format.js";
import { APPLIES } from "../app/status.js";
import { applicable } from "./listing.js";

const HINT = " · j and k move, x selects, Enter opens";
const GRAVE = new Set(["mark_done", "cancel"]);

/** The line. `where()`: what the list is narrowed to. */
export class Chosen {
  #shown = "";

  constructor(app, table, where) {
    Object.assign(this, { app, table, where });
    this.element = h("div", { class: "selection", role: "group", "aria-label": "Chosen tasks" });
    table.addEventListener("selected", () => this.show());
    table.addEventListener("arrived", () => this.show());
  }

  /** Made anew only when it says something else, and then what had the focus gets it again. */
  show() {
    const { selection, total } = this.table;
    const verbs = this.#verbs(selection);
    const count = selection.everything ? total : selection.rows.length;
    const shown = JSON.stringify([total, count, selection.everything, verbs]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    const focused = this.element.contains(document.activeElement) && document.activeElement.dataset.name;
    set(this.element, { hidden: !total });
    this.element.classList.toggle("some", !selection.isEmpty);
    fill(this.element, selection.isEmpty ? this.#nothing() : this.#some(selection.everything, count, verbs));
    if (focused) (this.element.querySelector(`[data-name=${focused}]`) ?? this.table.element).focus();
  }

  /** Carries out an order for what is chosen, or else for the row in which the keyboard stands. */
  async act(verb) {
    const { selection, active } = this.table;
    if (selection.everything) return this.#actOnAll(verb);
    const rows = selection.isEmpty ? [active].filter(Boolean) : selection.rows;
    const tasks = rows.filter((row) => APPLIES[verb].has(row.status)).map((row) => row.task_id);
    if (!tasks.length) return rows.length && this.#complain(verb);
    if (await this.app.acts.act(verb, { tasks })) selection.clear();
  }

  /** Carries out an order for all those of a list to which it can apply. */
  async actOnAll(verb, list) {
    const where = applicable(verb, list);
    const total = where && (await this.#count(where));
    if (total === 0 || where === null) return this.#complain(verb);
    if (total && (await this.app.acts.act(verb, { where, total }))) this.table.selection.clear();
  }

  #actOnAll(verb) {
    return this.actOnAll(verb, this.where());
  }

  async #count(where) {
    try {
      return (await this.app.api.get("table", { ...where, limit: 1 })).total;
    } catch (error) {
      this.app.notices.failed(error);
      return null;
    }
  }

  #complain(verb) {
    this.app.notices.complain(`${LABELS[verb]}: none of these tasks stands so that this could be done.`);
  }

  #nothing() {
    return h("span", { class: "faint" }, many(this.table.total ?? 0, "task"), h("span", { class: "keys" }, HINT));
  }

  #some(everything, count, verbs) {
    const { selection, total } = this.table;
    const isMore = !everything && count < total;
    return [
      h("strong", {}, everything ? `All ${number(count)} selected` : `${number(count)} selected`),
      verbs.map(([verb, fits]) => this.#button(verb, fits < count ? fits : 0)),
      !verbs.length && h("span", { class: "faint" }, "As they stand, there is nothing to do with them."),
      !this.app.acts.allowed && h("span", { class: "faint" }, this.app.acts.refusal),
      selection.isFull && h("span", { class: "faint" }, "No more than that one by one."),
      isMore && this.#link("all", `Select all ${number(total)}`, () => selection.all()),
      this.#link("clear", "Clear", () => selection.clear()),
    ];
  }

  /** The orders that apply to any that is chosen, and to how many. */
  #verbs({ everything, rows }) {
    const verbs = Object.keys(APPLIES);
    if (everything) return verbs.filter((verb) => applicable(verb, this.where())).map((verb) => [verb, Infinity]);
    const fits = (verb) => rows.filter(({ status }) => APPLIES[verb].has(status)).length;
    return verbs.map((verb) => [verb, fits(verb)]).filter(([, count]) => count);
  }

  #button(verb, count) {
    const { allowed, refusal } = this.app.acts;
    const how = { class: GRAVE.has(verb) ? "quiet bad" : "quiet", disabled: !allowed, title: allowed ? null : refusal };
    const figure = count > 0 && ` (${number(count)})`;
    return h("button", { ...how, data: { name: verb }, onclick: () => this.act(verb) }, LABELS[verb], figure);
  }

  #link(name, words, press) {
    return h("button", { class: "quiet link", data: { name }, onclick: press }, words);
  }
}
