// The task's parameters, but those that its programmer hides.

import { h } from "../app/dom.js";
import { number, short } from "../app/format.js";
import { long } from "./long.js";
import { Section } from "./section.js";

export class Parameters extends Section {
  constructor(desk) {
    super(desk, { name: "parameters", title: "Parameters" });
  }

  empty({ params }) {
    return !Object.keys(params).length;
  }

  note(task) {
    return this.empty(task) ? "none" : number(Object.keys(task.params).length);
  }

  ask({ params }) {
    return params;
  }

  draw(params) {
    const row = ([name, value]) => [h("dt", { title: name }, short(name, 100)), h("dd", { class: "id" }, long(value))];
    return h("dl", {}, Object.entries(params).map(row));
  }
}
