// Reads the log of one attempt, from where it left off: the attempt that was chosen, or always the newest.

/** `begun()` is called when it turns to another attempt, `taken(answer)` with all that comes. */
export class LogReader {
  #next = 0;
  #ended = false;
  #reading = false;

  constructor(desk, { begun, taken }) {
    Object.assign(this, { desk, begun, taken });
    this.attempt = ""; // the one that is read
    this.chosen = ""; // by somebody; none: the newest
  }

  /** Turns to an attempt; none: to the newest, whichever that is. */
  choose(attempt) {
    this.chosen = attempt;
    this.#begin(attempt);
  }

  /** There may be more, though the attempt has ended: another one. */
  goOn() {
    this.#ended = false;
  }

  /** Reads no more until then. */
  stop() {
    this.#ended = true;
  }

  /** Reads all there is, as long as `wanted()`. */
  async read(wanted) {
    if (this.#reading) return;
    this.#reading = true;
    try {
      for (let more = true; more && !this.#ended && wanted(); ) more = await this.#step();
    } finally {
      this.#reading = false;
    }
  }

  /** Gives whether there may be more. */
  async #step() {
    const { attempt, chosen } = this;
    const from = this.#next;
    const answer = await this.desk.log(chosen || from ? attempt : "", from);
    if (attempt !== this.attempt || chosen !== this.chosen) return true; // somebody chose another meanwhile
    const newest = String(answer.attempts[0]?.attempt ?? "");
    if (!chosen && from && newest !== attempt) return this.#begin(newest);
    this.attempt = String(answer.attempt ?? "");
    this.#next = answer.next;
    this.#ended = answer.ended || answer.attempt === null; // a task that begins to run is one that changes
    this.taken(answer);
    return answer.next > from;
  }

  #begin(attempt) {
    this.attempt = attempt;
    this.#next = 0;
    this.#ended = false;
    this.begun();
    return true;
  }
}
