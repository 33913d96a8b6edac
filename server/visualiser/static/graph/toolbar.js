// What one can choose about the graph. Every choice stands in the URL.

import { fill, h } from "../app/dom.js";
import { many } from "../app/format.js";

const WAYS = { up: "Needs", down: "Needed by", both: "Both" };
const DEPTHS = ["1", "2", "3", "5", "8"];

/** `change(words)` puts a choice into the URL. Its `choices` stand beneath its `element`, beside what is drawn. */
export class Toolbar {
  #title = h("h1", {});
  #all = h("a", {}, "All families");
  #ways = h("span", { class: "choice", role: "group", "aria-label": "What is shown" });
  #depth = h("select", { "aria-label": "How far", onchange: (event) => this.change({ depth: event.target.value }) });
  #done = this.#box("Done tasks", (on) => ({ done: on ? "" : "no" }));
  #fold = this.#box("Fold by family", (on) => ({ fold: on ? "yes" : "no", unfold: "" }));
  #view = h("button", { class: "quiet", onclick: () => this.change({ view: this.listed ? "" : "list" }) }, "As a list");
  #save = h("button", { class: "quiet", title: "Save the drawing as an SVG file" }, "Save SVG");
  #unfolded = h("span", { class: "unfolded" });

  constructor(search, change, save) {
    Object.assign(this, { search, change });
    this.listed = false;
    this.#save.addEventListener("click", save);
    const far = DEPTHS.map((depth) => h("option", { value: depth }, `${many(Number(depth), "link")} far`));
    fill(this.#depth, h("option", { value: "" }, "All the way"), far);
    const boxes = [this.#done.label, this.#fold.label];
    this.choices = h("div", { class: "choices" }, this.#ways, this.#depth, boxes, this.#unfolded);
    const end = h("div", { class: "end" }, search.element, this.#view, this.#save);
    this.element = h("div", { class: "toolbar" }, this.#title, this.#all, end);
  }

  /** Shows what has been chosen. `title`: of what the graph is; `folded`: whether it is now; `unfolded`: families. */
  show(here, { title, href, folded, unfolded }) {
    fill(this.#title, title);
    this.#title.title = title;
    this.#all.href = href;
    this.#all.hidden = this.choices.hidden = !here.root;
    this.#depth.value = DEPTHS.includes(here.depth) ? here.depth : "";
    this.#done.input.checked = here.done !== "no";
    this.#fold.input.checked = folded;
    this.listed = here.view === "list";
    this.#view.setAttribute("aria-pressed", String(this.listed));
    this.#save.disabled = this.search.input.disabled = this.listed;
    fill(this.#ways, Object.entries(WAYS).map(([way, word]) => this.#way(way, word, here.direction || "up")));
    fill(this.#unfolded, [...unfolded].map((family) => this.#chip(family, unfolded)));
  }

  #way(way, word, chosen) {
    const press = () => this.change({ direction: way === "up" ? "" : way });
    return h("button", { "aria-pressed": String(way === chosen), onclick: press }, word);
  }

  #chip(family, unfolded) {
    const rest = [...unfolded].filter((other) => other !== family).join(",");
    const press = () => this.change({ unfold: rest });
    return h("button", { class: "quiet chip", title: `Fold ${family} again`, onclick: press }, family, " ×");
  }

  #box(words, chosen) {
    const input = h("input", { type: "checkbox", onchange: () => this.change(chosen(input.checked)) });
    return { input, label: h("label", { class: "box" }, input, words) };
  }
}
