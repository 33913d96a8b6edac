// Why the task is where it is, in words: what it waits for, step by step, and what one can do about it.

import { h } from "../app/dom.js";
import { mark } from "../app/status.js";
import { taskLink } from "./links.js";
import { long } from "./long.js";
import { Section } from "./section.js";

const TURNS = 5; // ticks after which it is asked anew: times are told in words, and workers have no changes
const OVER = new Set(["DONE", "FAILED", "DISABLED"]);

export class Explanation extends Section {
  #ticks = 0;

  constructor(desk) {
    super(desk, { name: "explanation", title: "Why" });
  }

  depends({ status, updated, unmet }) {
    return [status, updated, unmet];
  }

  async ask(task) {
    const steps = await this.desk.explanation();
    this.mentions = new Set(steps.map((step) => step.task_id).filter((id) => id !== task.task_id));
    const told = steps.filter((step) => step.reason !== "story"); // which is a part of its own
    return told.map((step) => ({ ...step, sentence: ofItself(step.sentence, task.name) }));
  }

  draw(steps) {
    return h("ol", { class: "steps" }, steps.map((step) => this.#step(step)));
  }

  tick() {
    this.#ticks += 1;
    if (this.#ticks % TURNS === 0 && !OVER.has(this.task?.status)) this.refresh();
  }

  #step({ task_id: id, status, sentence, advice }) {
    const other = id !== this.desk.id;
    const told = h("p", {}, long(sentence, 400), " ", other && taskLink(this.desk.app, id, "Show it"));
    return h("li", {}, mark(status, { labelled: true }), h("div", {}, told, advice && h("p", { class: "advice" }, advice)));
  }
}

/** What is said of the task itself does not have to name it. */
function ofItself(sentence, name) {
  return sentence.startsWith(`${name} `) ? `It${sentence.slice(name.length)}` : sentence;
}
