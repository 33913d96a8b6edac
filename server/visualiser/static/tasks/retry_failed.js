// The button that has everything tried again that has failed, of what the list is narrowed to otherwise.

import { fill, h, set } from "../app/dom.js";
import { number } from "../app/format.js";
import { isNarrowed } from "./listing.js";

/** `where()`: what the list is narrowed to; `total()`: how many tasks it has; `act(list)`: orders it for a list. */
export class RetryFailed {
  #failed = 0;

  constructor(app, { where, total, act }) {
    Object.assign(this, { where, total });
    const { allowed, refusal } = app.acts;
    const properties = { class: "quiet retry", disabled: !allowed, title: allowed ? null : refusal };
    this.element = h("button", { ...properties, onclick: () => act(this.#list()) });
    this.show();
  }

  /** What is counted: as the event `counts` of `Live`. */
  count({ counts }) {
    this.#failed = counts.FAILED ?? 0;
    this.show();
  }

  show() {
    set(this.element, { hidden: !this.#failed || this.total() === 0 });
    const all = `Retry all failed (${number(this.#failed)})`;
    fill(this.element, isNarrowed(this.#list("")) ? "Retry what failed here" : all);
  }

  #list(status = "FAILED") {
    return { ...this.where(), status };
  }
}
