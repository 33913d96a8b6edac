// What changes, as it changes: asks every two seconds while somebody looks, and says when the server is away.

import { Away, Problem } from "./api.js";

const PAUSE = 2_000; // milliseconds from one answer to the next question
const LONGEST = 15_000; // between two attempts to find a server that is away

/**
 * Knows how things stand, and tells those who follow:
 *
 * - `counts`: `{counts, stopped, paused, version}`, after each change of them;
 * - `changes`: `{reset, tasks, removed}`, rows that changed and ids that are gone; with `reset`, ask for lists anew;
 * - `tick`: every two seconds, also when nothing changed: for what has no version, such as workers;
 * - `away`: the server is away, `{since, why}`; null when it is back.
 */
export class Live extends EventTarget {
  #api;
  #tag = "";
  #timer = 0;
  #pause = PAUSE;
  #asking = false;
  #going = false;

  constructor(api) {
    super();
    this.#api = api;
    this.counts = null;
    this.away = null;
    document.addEventListener("visibilitychange", () => (document.hidden ? this.stop() : this.start()));
  }

  /** Has `hear` called with what `kind` brings. Gives what ends that. */
  on(kind, hear) {
    const listener = (event) => hear(event.detail);
    this.addEventListener(kind, listener);
    return () => this.removeEventListener(kind, listener);
  }

  /** Asks now, and goes on, while the tab is in sight. */
  start() {
    this.#going = !document.hidden;
    this.soon();
  }

  /** Asks no more; what is under way is the last. */
  stop() {
    this.#going = false;
    clearTimeout(this.#timer);
  }

  /** Looks at once, because somebody has just changed something. */
  soon() {
    clearTimeout(this.#timer);
    if (this.#going) this.#turn();
  }

  async #turn() {
    if (this.#asking) return;
    this.#asking = true;
    try {
      await this.#ask();
      this.#pause = PAUSE;
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#asking = false;
      clearTimeout(this.#timer);
      if (this.#going) this.#timer = setTimeout(() => this.#turn(), this.#pause);
    }
  }

  async #ask() {
    const { answer, tag } = await this.#api.look("counts");
    if (this.away) this.#back();
    if (tag !== this.#tag) {
      const since = this.counts?.version ?? "";
      if (since !== answer.version) await this.#askWhatChanged(since);
      this.counts = answer;
      this.#tag = tag;
      this.#tell("counts", answer);
    }
    this.#tell("tick", null);
  }

  async #askWhatChanged(since) {
    this.#tell("changes", since ? await this.#api.get("changes", { since }) : { reset: true, tasks: [], removed: [] });
  }

  /** One that refuses to answer is as good as away. */
  #failed(error) {
    if (!(error instanceof Away || error instanceof Problem)) throw error;
    this.#pause = Math.min(LONGEST, this.#pause * 1.5);
    this.away ??= { since: Date.now(), why: error.message };
    this.away.why = error.message;
    this.#tell("away", this.away);
  }

  #back() {
    this.away = null;
    this.#tag = "";
    this.counts = null;
    this.#tell("away", null);
  }

  #tell(kind, detail) {
    this.dispatchEvent(new CustomEvent(kind, { detail }));
  }
}
