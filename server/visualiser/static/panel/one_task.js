// One task as the panel shows it: the top, and the parts below it, each of which asks for itself.

import { Problem } from "../app/api.js";
import { fill, h } from "../app/dom.js";
import { Pace } from "../app/pace.js";
import { Attempts } from "./attempts.js";
import { Desk } from "./desk.js";
import { LastError } from "./error.js";
import { Explanation } from "./explanation.js";
import { Facts } from "./facts.js";
import { Head } from "./head.js";
import { Log } from "./log.js";
import { Messages } from "./messages.js";
import { Parameters } from "./parameters.js";
import { neededBy, needs } from "./relations.js";
import { Resources } from "./resources.js";
import { Story } from "./story.js";
import { retell } from "./times.js";

const NEVER_KNOWN = "Tasks that nobody wants are forgotten after a while.";
const FORGOTTEN = "It was forgotten: below is what was known of it last.";

/** From `new` to `end()`. `close`: the panel's button, which stands beside the task's name. */
export class OneTask {
  #asking = false;
  #again = false;
  #changes = 0; // of tasks that the parts mention

  constructor(app, id, close) {
    this.desk = new Desk(app, id);
    this.head = new Head(this.desk, close);
    this.missing = h("div", { class: "missing", role: "status" });
    this.sections = made(this.desk);
    this.around = new Pace(() => Promise.all(this.sections.filter(({ mentions }) => mentions.size).map((one) => one.refresh())));
    this.parts = h("div", { hidden: true }, this.sections.map((section) => section.element));
    this.element = h("div", { class: "one-task" }, this.head.element, this.missing, this.parts);
  }

  /** Where the focus goes when the task is opened. */
  get heading() {
    return this.head.name;
  }

  /** Asks how it stands, and has the parts show it. What is asked for meanwhile is asked once more after that. */
  async refresh() {
    if (this.#asking) return void (this.#again = true);
    this.#asking = true;
    do {
      this.#again = false;
      await this.#ask();
    } while (this.#again);
    this.#asking = false;
  }

  /** Tasks changed: this one, or some that its parts mention. */
  changed({ reset, tasks, removed }) {
    const ids = new Set([...removed, ...tasks.map((task) => task.task_id)]);
    if (reset || ids.has(this.desk.id)) this.refresh();
    if (reset || this.sections.some(({ mentions }) => !mentions.isDisjointFrom(ids))) this.#changes += 1;
  }

  tick() {
    retell(this.element);
    this.around.turn(this.#changes);
    for (const section of this.sections) section.tick();
  }

  end() {
    this.desk.close();
  }

  async #ask() {
    try {
      this.#show(await this.desk.whole());
    } catch (error) {
      if (error instanceof Problem) this.#miss(error);
      else this.desk.missed(error);
    }
  }

  #show(task) {
    fill(this.missing);
    this.head.show(task);
    this.parts.hidden = false;
    for (const section of this.sections) section.show(task);
  }

  /** There is no such task, or not any more; what was last known of it stays. */
  #miss({ message, hint }) {
    this.head.empty();
    const gone = this.parts.hidden ? NEVER_KNOWN : FORGOTTEN;
    fill(this.missing, h("p", { class: "bad" }, message), hint && h("p", {}, hint), h("p", { class: "faint" }, gone));
  }
}

function made(desk) {
  const first = [LastError, Explanation, Parameters, Log, Messages].map((Part) => new Part(desk));
  const last = [Attempts, Resources, Story, Facts].map((Part) => new Part(desk));
  return [...first, needs(desk), neededBy(desk), ...last];
}
