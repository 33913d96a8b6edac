// Asks for what has no version, again and again, while it is shown; and says what goes wrong with that.

import { Away, Problem } from "../app/api.js";
import { fill, h } from "../app/dom.js";

const FAIR = 10; // times as long as an answer took, until the next question
const LONGEST = 30_000; // milliseconds

/** `ask(signal)` gives an answer, `show(answer)` shows it; `least`: seconds between two questions at least. */
export class Watch {
  #end = null;
  #asked = null;
  #next = -Infinity;

  constructor(live, { ask, show, least = 0 }) {
    Object.assign(this, { live, ask, show, least });
    this.note = h("p", { class: "notice bad", role: "status", hidden: true });
  }

  /** Asks now, and at every tick. */
  start() {
    if (this.#end) return;
    this.#end = this.live.on("tick", () => this.#turn());
    this.#turn();
  }

  /** Asks no more; what is under way is not waited for. */
  stop() {
    this.#end?.();
    this.#end = null;
    this.#forget();
  }

  /** Asks at once: something else, or because somebody has just changed something. */
  again() {
    this.#forget();
    if (this.#end) this.#turn();
  }

  #forget() {
    this.#asked?.abort();
    this.#asked = null;
    this.#next = -Infinity;
  }

  async #turn() {
    const began = performance.now();
    if (this.#asked || document.hidden || began < this.#next) return;
    const asked = (this.#asked = new AbortController());
    try {
      const answer = await this.ask(asked.signal);
      if (!asked.signal.aborted) this.#answered(answer);
    } catch (error) {
      if (!asked.signal.aborted) this.#failed(error);
    } finally {
      if (this.#asked === asked) this.#rest(began);
    }
  }

  /** A server that is slow to answer is asked less. */
  #rest(began) {
    const now = performance.now();
    this.#asked = null;
    this.#next = Math.max(this.#next, began + 1000 * this.least, now + Math.min(LONGEST, FAIR * (now - began)));
  }

  #answered(answer) {
    this.note.hidden = true;
    this.show(answer);
  }

  /** That the server is away says the bar: what is known stays in sight. */
  #failed(error) {
    if (error instanceof Away) return;
    if (!(error instanceof Problem)) throw error;
    this.#next = performance.now() + LONGEST;
    fill(this.note, error.message, error.hint && h("small", {}, ` ${error.hint}`));
    this.note.hidden = false;
  }
}
