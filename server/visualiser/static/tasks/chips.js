// What narrows the list, each with a button that takes it away.

import { fill, h } from "../app/dom.js";
import { short, workerName } from "../app/format.js";
import { about, mark } from "../app/status.js";
import { EVERYTHING, isNarrowed, statusesOf, whereOf } from "./listing.js";

const LONGEST = 40;

/** The chips. `removed()` is called after one was taken away, which had the focus. */
export class Chips {
  constructor(router, removed) {
    this.router = router;
    this.removed = removed;
    this.element = h("ul", { class: "chips", "aria-label": "The list is narrowed to" });
  }

  show() {
    const where = whereOf(this.router.here);
    const others = [this.#family(where), this.#search(where), this.#run(where), this.#resource(where)];
    const chips = [...this.#statuses(where), ...others].filter(Boolean);
    const all = h("li", {}, h("button", { class: "quiet", onclick: () => this.#take(EVERYTHING) }, "Show all tasks"));
    fill(this.element, chips, chips.length > 1 && all);
    this.element.hidden = !isNarrowed(where);
  }

  #statuses(where) {
    const statuses = statusesOf(where);
    return statuses.map((status) => {
      const others = statuses.filter((other) => other !== status).join(",");
      return this.#chip(about(status).word, [mark(status), " ", about(status).word], { status: others });
    });
  }

  #family({ family }) {
    const words = family.endsWith(".") ? `Namespace ${short(family.slice(0, -1), LONGEST)}` : short(family, LONGEST);
    return family && this.#chip(words, h("bdi", {}, words), { family: "" }, family);
  }

  #search({ search }) {
    const words = short(search, LONGEST);
    return search && this.#chip(words, ["“", h("bdi", {}, words), "”"], { search: "" }, search);
  }

  #run({ run }) {
    const worker = workerName(run);
    return run && this.#chip(`Run of ${worker}`, ["Run of ", h("bdi", {}, worker)], { run: "" }, run);
  }

  #resource({ resource }) {
    const words = short(resource, LONGEST);
    return resource && this.#chip(`Uses ${words}`, ["Uses ", h("bdi", {}, words)], { resource: "" }, resource);
  }

  #chip(name, content, words, title = null) {
    const cross = h("span", { "aria-hidden": "true", class: "cross" }, "×");
    const says = { "aria-label": `Take away: ${name}`, title };
    return h("li", {}, h("button", { class: "chip", ...says, onclick: () => this.#take(words) }, content, cross));
  }

  #take(words) {
    this.router.change(words);
    this.removed();
  }
}
