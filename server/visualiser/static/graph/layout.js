// Finds out where nodes go, beside the page, which stays smooth meanwhile.

/** One drawing's layouts; the newest counts. */
export class Layout {
  #worker = null;
  #settle = null;

  constructor() {
    this.#begin();
  }

  /**
   * `sizes` are `[width, height]` of each node, `links` their places in it, first to last, `shape` is the width of what
   * is looked through, to its height. Resolves to `{at: [[x, y] of middles], routes: [[x, y, x, y, …] of each link],
   * width, height, down}`, or to null when another is wanted meanwhile. With `down` the whole goes from top to bottom,
   * and in routes it is y that comes first.
   */
  of(sizes, links, shape) {
    if (this.#settle) this.#giveUp();
    return new Promise((resolve, reject) => {
      this.#settle = resolve;
      this.#worker.onmessage = ({ data }) => this.#done(data);
      this.#worker.onerror = (event) => reject(new Error(`the layout failed: ${event.message}`));
      this.#worker.postMessage({ sizes, links, shape });
    });
  }

  #done(data) {
    const settle = this.#settle;
    this.#settle = null;
    settle(data);
  }

  #giveUp() {
    this.#worker.terminate();
    this.#done(null);
    this.#begin();
  }

  #begin() {
    this.#worker = new Worker(new URL("layout_worker.js", import.meta.url), { type: "module" });
  }
}
