// What the task takes of what there is not enough of: what it asks for, what it holds.

import { h } from "../app/dom.js";
import { number, short } from "../app/format.js";
import { Section } from "./section.js";

export class Resources extends Section {
  constructor(desk) {
    super(desk, { name: "resources", title: "Resources" });
  }

  applies({ needs, taken, resources }) {
    return [needs, taken, resources].some((amounts) => Object.keys(amounts).length);
  }

  ask({ needs, taken, resources }) {
    const holds = Object.keys(resources).length > 0;
    return { asked: needs, had: holds ? resources : taken, words: holds ? "Holds now" : "Last run took" };
  }

  draw({ asked, had, words }) {
    const names = [...new Set([asked, had].flatMap(Object.keys))].sort();
    const heads = ["Resource", "Asks for", words].map((head) => h("th", { scope: "col" }, head));
    const rows = names.map((name) =>
      h("tr", {}, h("th", { scope: "row" }, this.#link(name)), [asked, had].map((amounts) => h("td", {}, number(amounts[name] ?? 0)))),
    );
    return h("table", {}, h("thead", {}, h("tr", {}, heads)), h("tbody", {}, rows));
  }

  #link(name) {
    return h("a", { href: this.desk.app.router.href({ place: "resources", task: this.desk.id }), title: name }, short(name, 80));
  }
}
