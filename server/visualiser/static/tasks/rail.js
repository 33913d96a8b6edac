// The families of tasks, by namespace, with how many stand how: a click narrows the list to them.

import { fill, h, set } from "../app/dom.js";
import { briefly, many, number } from "../app/format.js";
import { Pace } from "../app/pace.js";
import { Rolling } from "../app/rolling.js";
import { about, mark, STATUSES } from "../app/status.js";
import { found, lines, tree } from "./families.js";

const SEARCHED = 15; // families from which on there is a box to find one
const ROW = 26;

/** Fills the rail. `done()` is called when somebody has followed a link in it, or wants it closed. */
export class Rail {
  #families = [];
  #lines = [];
  #folded = new Set();
  #pace = new Pace(() => this.#load());

  constructor(app, done) {
    this.app = app;
    this.figure = h("small", {});
    const close = h("button", { class: "plain close", "aria-label": "Close the families", onclick: done }, "×");
    const title = h("h2", {}, "Families ", this.figure, close);
    this.find = h("input", { type: "text", placeholder: "Find a family", "aria-label": "Find a family", hidden: true });
    this.find.addEventListener("input", () => this.#arrange());
    this.list = h("ul", { onclick: (event) => event.target.closest("a") && done() });
    this.rolling = this.#rolling();
    const { scroller } = this.rolling;
    this.element = h("nav", { class: "rail", "aria-label": "Families" }, title, this.find, scroller);
  }

  /** Asks anew if the state has changed. */
  turn(version) {
    return this.#pace.turn(version);
  }

  /** Is in the page again, perhaps with another family chosen. */
  show() {
    this.rolling.restore();
    this.rolling.each((element, index) => this.#aim(element.querySelector("a"), this.#lines[index]));
  }

  #rolling() {
    const spacer = h("div", { class: "spacer" }, this.list);
    const scroller = h("div", { class: "families" }, spacer);
    return new Rolling({ scroller, spacer, body: this.list, rowHeight: ROW, row: (index) => this.#row(index) });
  }

  async #load() {
    const families = [];
    for (let cursor = ""; cursor !== null; ) {
      const page = await this.app.api.get("families", { cursor });
      families.push(...page.families);
      cursor = page.next;
    }
    this.#families = families;
    fill(this.figure, number(families.length));
    set(this.find, { hidden: families.length <= SEARCHED });
    this.#arrange();
  }

  #arrange() {
    const text = this.find.value;
    this.#lines = lines(tree(found(this.#families, text)), text.trim() ? new Set() : this.#folded);
    this.#draw();
  }

  /** Lines that changed are made anew: what had the focus in one gets it again. */
  #draw() {
    const before = document.activeElement;
    const path = this.list.contains(before) ? before.closest("li").dataset.path : null;
    this.rolling.draw(this.#lines.length);
    if (path === null || this.list.contains(before)) return;
    this.list.querySelector(`li[data-path="${CSS.escape(path)}"] ${before.tagName}`)?.focus({ preventScroll: true });
  }

  #row(index) {
    const line = this.#lines[index];
    const state = [line.path, line.depth, line.isNamespace, line.isFolded, JSON.stringify(line.counts)];
    return { state, make: () => this.#line(line) };
  }

  #line(line) {
    const properties = { class: line.isNamespace ? "namespace" : "family", style: { "--depth": line.depth } };
    return h("li", { ...properties, data: { path: line.path } }, this.#fold(line), this.#link(line));
  }

  #fold({ isNamespace, isFolded, label, path }) {
    if (!isNamespace) return null;
    const press = () => {
      if (!this.#folded.delete(path)) this.#folded.add(path);
      this.#arrange();
    };
    const says = { "aria-label": `Families of ${label}`, "aria-expanded": String(!isFolded) };
    return h("button", { class: "plain fold", ...says, onclick: press }, isFolded ? "▸" : "▾");
  }

  #link(line) {
    const { label, path, counts, isNamespace } = line;
    const name = path ? label : "(no family yet)";
    const link = h(
      "a",
      { title: `${path || "Known by their ids alone"}: ${exactly(counts)}` },
      h("span", { class: "name" }, isNamespace ? `${name}.` : name),
      h("span", { class: "figures" }, inOrder(counts).map(figure)),
    );
    return this.#aim(link, line);
  }

  /** To what the line is about; from what is chosen, back to everything. Those without a family are unknown yet. */
  #aim(link, { path }) {
    const { router } = this.app;
    const { here } = router;
    const isChosen = path !== "" && here.family === path;
    const words = path ? { family: isChosen ? "" : path } : { family: "", status: "UNKNOWN" };
    return set(link, { href: router.href({ ...here, ...words }), "aria-current": isChosen ? "true" : null });
  }
}

function figure([status, count]) {
  return h("span", { class: about(status).tone }, mark(status, { labelled: true }), briefly(count));
}

function inOrder(counts) {
  const known = Object.keys(STATUSES).filter((status) => counts[status]);
  return known.map((status) => [status, counts[status]]);
}

function exactly(counts) {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const words = inOrder(counts).map(([status, count]) => `${number(count)} ${about(status).word.toLowerCase()}`);
  return `${many(total, "task")}: ${words.join(", ")}`;
}
