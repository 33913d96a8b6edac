// Keeps a graph as current as the server has it, and says when it has become another.

import { Away } from "../app/api.js";
import { asked, nearby } from "./asking.js";
import { taskKey } from "./graph.js";

const PATIENCE = 10_000; // milliseconds from one look at the whole graph to the next

/**
 * Tells `heard("new", key)` for another graph (`key`: of the task that was expanded), `"states"` when tasks stand
 * otherwise, `"stale"` when others have come or gone, `"failed"` with what is wrong when it can be had no more.
 */
export class Current {
  #ends = [];
  #wanted = new AbortController();
  #question = null;
  #more = [];
  #next = null;
  #suspect = false;
  #looked = 0;

  constructor({ api, live }, heard) {
    Object.assign(this, { api, live, heard, asked: null, graph: null });
  }

  /** Asks for another graph; the newest question counts. */
  async load(question) {
    this.#wanted.abort();
    this.#wanted = new AbortController();
    const { signal } = this.#wanted;
    try {
      const graph = await asked(this.api, question, signal);
      if (signal.aborted) return;
      this.#question = question;
      this.#more = [];
      this.#take(graph);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  /** Adds what is next to a task. */
  async expand(id) {
    const before = this.asked;
    const graph = await nearby(this.api, id);
    if (this.asked !== before) return;
    this.#more.push(graph);
    this.#take(this.asked, taskKey(id));
  }

  /** Shows the graph that has been found instead. */
  renew() {
    if (this.#next) this.#take(this.#next);
  }

  start() {
    this.stop();
    this.#suspect ||= this.asked !== null;
    const changes = this.live.on("changes", (told) => this.#changed(told));
    this.#ends = [changes, this.live.on("tick", () => this.#look())];
  }

  stop() {
    for (const end of this.#ends) end();
    this.#ends = [];
  }

  #take(graph, anchor = "") {
    this.asked = graph;
    this.graph = this.#more.reduce((all, one) => all.with(one), graph);
    this.#next = null;
    this.#looked = Date.now();
    this.heard("new", anchor);
  }

  #changed({ reset, tasks, removed }) {
    if (!this.graph) return;
    let known = 0;
    for (const { task_id: id, status, percentage } of tasks) {
      const node = this.graph.nodes.get(taskKey(id));
      if (!node) continue;
      Object.assign(node, { status, percentage });
      known += 1;
    }
    this.#suspect ||= reset || removed.length > 0 || known < tasks.length;
    if (known) this.heard("states");
  }

  /** Whether it is still the same graph: asked for when something changed that it does not show. */
  async #look() {
    if (!this.#suspect || Date.now() - this.#looked < PATIENCE) return;
    this.#looked = Date.now();
    this.#suspect = false;
    const { signal } = this.#wanted;
    try {
      const graph = await asked(this.api, this.#question, signal);
      if (!signal.aborted) this.#compare(graph);
    } catch (error) {
      this.#suspect = true;
      if (!signal.aborted && !(error instanceof Away)) this.heard("failed", error); // the bar says who is away
    }
  }

  #compare(graph) {
    if (!this.asked.sameAs(graph)) {
      this.#next = graph;
      this.heard("stale");
      return;
    }
    for (const [key, node] of graph.nodes) {
      const { status, percentage, counts, total, own } = node;
      Object.assign(this.graph.nodes.get(key), { status, percentage, counts, total, own });
    }
    this.heard("states");
  }
}
