// What happened to the task: each change of its status, the last one first.

import { h } from "../app/dom.js";
import { workerName } from "../app/format.js";
import { about, mark } from "../app/status.js";
import { Few } from "./few.js";
import { long } from "./long.js";
import { Section } from "./section.js";
import { since } from "./times.js";

export class Story extends Section {
  #few = new Few();

  constructor(desk) {
    super(desk, { name: "story", title: "Story", open: false });
  }

  depends({ status, updated, started }) {
    return [status, updated, started];
  }

  ask() {
    return this.desk.story();
  }

  draw(changes) {
    if (!changes.length) return h("p", { class: "faint" }, "Nothing is remembered of it.");
    return this.#few.list("story", changes.toReversed(), change);
  }
}

function change({ at, before, after, why, by }) {
  const from = before && h("span", { class: "faint" }, `${about(before).word} → `);
  const whose = by && h("span", { title: by }, ` · by ${workerName(by)}`);
  return [mark(after), h("p", {}, from, about(after).word, h("span", { class: "faint" }, " · ", long(why), whose)), since(at)];
}
