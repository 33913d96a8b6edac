// What is asked about one task, until the panel turns to another.

import { Away, Problem, step } from "../app/api.js";

/** Ids that cannot be a step of a path, where they mean something else: what can be is asked by `view` then. */
const NO_STEP = /^\.{1,2}$|\//;

/** Asks the API about the task with this id. `close()` ends all that is under way. */
export class Desk {
  #over = new AbortController();

  constructor(app, id) {
    this.app = app;
    this.id = id;
  }

  /** All there is to say of the task. Throws Problem 404 when there is none. */
  async whole() {
    if (!NO_STEP.test(this.id)) return this.#get("");
    const task = await this.#view("task");
    if (!task) throw new Problem(404, { detail: `no task has the id '${this.id}'` });
    return task;
  }

  /** Each change of its status, oldest first. */
  async story() {
    return NO_STEP.test(this.id) ? this.#view("story") : (await this.#get("/story")).story;
  }

  /** Why it is where it is, step by step. */
  async explanation() {
    return NO_STEP.test(this.id) ? this.#view("explain") : (await this.#get("/explanation")).steps;
  }

  /** The nearest tasks: `direction` is up for what it needs, down for what needs it. */
  outline(direction, limit, done = true) {
    return this.#get("/outline", { direction, limit, include_done: done });
  }

  /** Attempts, the newest first: from the history where one is kept, else what the scheduler remembers. */
  attempts() {
    return this.#get(this.app.server.keeps_history ? "/attempts" : "/lately");
  }

  /** What an attempt printed, `after` that many pieces of it; without `attempt`, the newest. */
  log(attempt, after) {
    return this.#get("/log", { attempt, after: after || "" });
  }

  /** Passes on what went wrong, unless it was foreseen: nobody asks any more, or the server is away. */
  missed(error) {
    if (!this.#over.signal.aborted && !(error instanceof Away)) throw error;
  }

  close() {
    this.#over.abort();
  }

  async #get(path, query = {}) {
    if (NO_STEP.test(this.id)) throw new Problem(404, { detail: "The API does not tell this of a task whose id has a slash." });
    return this.app.api.get(`tasks/${step(this.id)}${path}`, query, this.#over.signal);
  }

  async #view(noun) {
    return (await this.app.api.order("view", { noun, subject: this.id })).answer;
  }
}
