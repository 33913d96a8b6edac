// The tasks that this one needs, or that need it: the nearest, what is not done first.

import { h } from "../app/dom.js";
import { many, number, short } from "../app/format.js";
import { mark } from "../app/status.js";
import { Few } from "./few.js";
import { taskLink } from "./links.js";
import { Section } from "./section.js";

const MOST = 50;
const ORDER = ["FAILED", "DISABLED", "RUNNING", "BATCH_RUNNING", "UNKNOWN", "PENDING", "DONE"];

/** Direction up: what it needs. */
export function needs(desk) {
  const none = "nothing";
  return new Relations(desk, { name: "needs", title: "Needs", direction: "up", count: (task) => task.deps.length, none });
}

/** Direction down: what needs it. */
export function neededBy(desk) {
  const none = "no task that is known";
  return new Relations(desk, { name: "needed-by", title: "Needed by", direction: "down", count: (task) => task.dependents, none });
}

class Relations extends Section {
  #few = new Few();

  constructor(desk, { name, title, direction, count, none }) {
    super(desk, { name, title });
    Object.assign(this, { direction, count, none });
  }

  note(task) {
    return this.count(task) ? number(this.count(task)) : this.none;
  }

  empty(task) {
    return !this.count(task);
  }

  depends(task) {
    return this.count(task);
  }

  async ask(task) {
    if (!this.count(task)) return { nodes: [] };
    const found = await this.desk.outline(this.direction, MOST + 1);
    const left = this.count(task) > MOST ? await this.desk.outline(this.direction, MOST + 1, false) : found;
    const nodes = this.#both(nearest(left), nearest(found));
    this.mentions = new Set(nodes.map(({ id }) => id));
    return { nodes, more: Math.max(0, this.count(task) - nodes.length), total: found.total };
  }

  draw({ nodes, more, total }) {
    if (!nodes.length) return [];
    const { app, id } = this.desk;
    const graph = h("a", { href: app.router.href({ place: "graph", root: id, task: id, direction: this.direction }) }, "Show in the graph");
    const all = total === null ? "Very many in all, with those behind them. " : `${many(total - 1, "task")} in all, with those behind them. `;
    return [
      this.#few.list("tasks", nodes, (node) => this.#node(node)),
      h("p", { class: "faint" }, more > 0 && `And ${number(more)} more. `, total !== nodes.length + 1 && all, graph),
    ];
  }

  /** What is not done must not be missing because of what is. */
  #both(left, found) {
    const all = new Map([...left, ...found].map((node) => [node.id, node]));
    return [...all.values()].sort((one, other) => ORDER.indexOf(one.status) - ORDER.indexOf(other.status)).slice(0, MOST);
  }

  #node({ id, family, status, percentage, name }) {
    const words = [h("strong", {}, short(family, 80)), name && h("span", { class: "faint" }, ` ${name}`)];
    const far = percentage !== null && h("span", {}, `${Math.round(percentage)} %`);
    return [mark(status, { labelled: true }), taskLink(this.desk.app, id, words), far];
  }
}

/** Those with a link to the task itself, which is the first. */
function nearest({ nodes, links, families }) {
  const near = new Set(links.filter((link) => link.includes(0)).map(([from, to]) => from || to));
  return [...near].map((place) => {
    const [id, family, status, percentage, name] = nodes[place];
    return { id, family: families[family], status, percentage, name };
  });
}
