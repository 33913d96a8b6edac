// The top of the panel: which task, how it stands, what one can have done to it, and where else it is shown.

import { step } from "../app/api.js";
import { LABELS } from "../app/acts.js";
import { fill, h } from "../app/dom.js";
import { number, short } from "../app/format.js";
import { about, APPLIES, mark } from "../app/status.js";
import { copyButton } from "./copying.js";
import { webLink, workerLink } from "./links.js";
import { long } from "./long.js";
import { lasting, since } from "./times.js";

const MUCH = /^.{200}|(\n.*){4}/; // more than there is room for: it scrolls
const ACTIVE = new Set(["RUNNING", "BATCH_RUNNING"]);

/** Begins with the id alone; `show(task)` tells the rest. `close` is the panel's button. */
export class Head {
  #shown = "";

  constructor(desk, close) {
    this.desk = desk;
    this.name = h("h2", { tabindex: -1 }, short(desk.id));
    this.state = h("div", { class: "standing" });
    this.acts = h("div", { class: "acts" });
    const id = h("p", { class: "whole-id" }, h("span", { class: "id" }, long(desk.id)), copyButton("Copy id", () => desk.id), this.#ways());
    this.element = h("div", { class: "top" }, h("div", { class: "name" }, this.name, close), id, this.state, this.acts);
  }

  show(task) {
    fill(this.name, short(task.family));
    this.name.title = task.family;
    fill(this.state, standing(this.desk.app, task));
    const offered = `${task.status} ${task.re_enable_able}`;
    if (offered === this.#shown) return; // a button that has the focus keeps it
    this.#shown = offered;
    fill(this.acts, this.#acts(task));
  }

  /** Nobody knows the task any more: nothing can be done to it. */
  empty() {
    this.#shown = "";
    fill(this.state);
    fill(this.acts);
  }

  #acts({ status, re_enable_able: givenBack }) {
    const { acts } = this.desk.app;
    const names = Object.keys(APPLIES).filter((name) => APPLIES[name].has(status) && (name !== "re_enable" || givenBack));
    const how = { class: "quiet", disabled: !acts.allowed, title: acts.allowed ? null : acts.refusal };
    const buttons = names.map((name) => h("button", { ...how, onclick: () => this.#act(name) }, LABELS[name]));
    return [buttons, names.length > 0 && !acts.allowed && h("p", { class: "faint" }, acts.refusal)];
  }

  #act(name) {
    this.desk.app.acts.act(name, { tasks: [this.desk.id] });
  }

  #ways() {
    const { app, id } = this.desk;
    const past = new URL(`history/by_task_id/${step(id)}`, app.api.root);
    return [h("a", { href: app.router.href({ place: "graph", root: id, task: id }) }, "Graph"), h("a", { href: past }, "History")];
  }
}

function standing(app, task) {
  const active = ACTIVE.has(task.status);
  const { tracking_url: url, status_message: message } = task;
  return [
    h(
      "p",
      { class: "how" },
      h("strong", { class: about(task.status).tone }, mark(task.status), " ", about(task.status).word),
      active ? h("span", {}, "for ", lasting(task.started ?? task.updated)) : since(task.updated),
      active && task.worker && h("span", {}, "on ", workerLink(app, task.worker)),
      task.failures > 0 && h("span", {}, `failed ${number(task.failures)} ×`),
      url && webLink(url, "Tracking page ↗"),
    ),
    active && task.percentage !== null && progress(task.percentage),
    message && h("p", { class: "said", tabindex: MUCH.test(message) ? 0 : null }, message),
  ];
}

function progress(percentage) {
  const share = Math.max(0, Math.min(100, percentage));
  const words = `${Math.round(percentage)} %`;
  const says = { role: "progressbar", "aria-label": "Progress", "aria-valuenow": Math.round(share) };
  const bar = h("span", { class: "progress", ...says }, h("span", { style: { width: `${share}%` } }));
  return h("p", { class: "far" }, bar, words);
}
