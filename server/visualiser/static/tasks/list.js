// The list of tasks that the URL names, as a table; and what stands in its place where there is none.

import { Away } from "../app/api.js";
import { fill, h, set } from "../app/dom.js";
import { Pace } from "../app/pace.js";
import { VirtualTable } from "../app/table.js";
import { columns } from "./columns.js";
import { empty, refused } from "./empty.js";
import { orderOf, pressed, whereOf } from "./listing.js";

const SERVERS_FAULT = 500; // from this status on
const HEIGHT = 30; // pixels of a row
const HEIGHT_OF_A_FINGER = 40;

/** Asks for the list. `arrived()` is called whenever there is something new. */
export class List {
  #listed = "";
  #version = "";
  #error = null;
  #pace = new Pace(() => this.#refresh());

  constructor(app, arrived) {
    this.app = app;
    this.arrived = arrived;
    this.table = this.#made();
    this.instead = h("div", { class: "instead", hidden: true });
  }

  /** Shows the list that the URL names; resolves to whether that is another than before, once it is there. */
  async show(here) {
    const { sort, order } = orderOf(here);
    const listed = JSON.stringify([whereOf(here), sort, order]);
    const isOther = listed !== this.#listed;
    this.#listed = listed;
    this.table.mark(here.task ?? "");
    if (!isOther) return false;
    this.#error = null;
    this.table.sorted(sort, order);
    await this.table.replace();
    return listed === this.#listed;
  }

  /** Every two seconds: `version` is that of the state, of which an answer may come late. */
  turn(version) {
    this.table.tick();
    const isRefused = this.#error?.status < SERVERS_FAULT; // it would be again
    if (version !== this.#version && !isRefused && !this.table.isAsking) this.#pace.turn();
  }

  async #refresh() {
    await this.table.refresh();
    if (this.#error instanceof Away) throw this.#error;
  }

  #made() {
    const { router } = this.app;
    const rowHeight = window.matchMedia("(pointer: coarse)").matches ? HEIGHT_OF_A_FINGER : HEIGHT;
    const hrefOf = (task) => router.href({ ...router.here, task });
    const fetch = (offset, limit, signal) => this.#fetched(offset, limit, signal);
    const table = new VirtualTable({ columns: columns(hrefOf), fetch, label: "Tasks", rowHeight });
    table.addEventListener("open", ({ detail: row }) => router.change({ task: row.task_id }));
    table.addEventListener("sort", ({ detail: column }) => router.change(pressed(router.here, column.sort)));
    table.addEventListener("arrived", () => this.#arrived());
    table.addEventListener("failed", ({ detail: error }) => this.#failed(error));
    return table;
  }

  async #fetched(offset, limit, signal) {
    const { here } = this.app.router;
    const query = { ...whereOf(here), ...orderOf(here), offset, limit };
    const window = await this.app.api.get("table", query, signal);
    this.#version = window.version;
    this.#error = null;
    return window;
  }

  #arrived() {
    this.#stand(this.table.total ? null : empty(this.app, whereOf(this.app.router.here)));
    this.arrived();
  }

  /** What is known is better than nothing while the server is away; the bar says that. */
  #failed(error) {
    this.#error = error;
    if (!(error instanceof Away)) this.#stand(refused(this.app, error));
  }

  /** Puts something in the place of the table, or the table there again. */
  #stand(instead) {
    const changes = this.instead.hidden === Boolean(instead);
    set(this.table.element, { hidden: Boolean(instead) });
    set(this.instead, { hidden: !instead });
    fill(this.instead, instead);
    if (changes && !instead) this.table.draw();
  }
}
