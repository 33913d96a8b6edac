// How many tasks stand how, side by side: pressed, a card narrows the list to those.

import { fill, h, set } from "../app/dom.js";
import { number } from "../app/format.js";
import { mark, STATUSES } from "../app/status.js";
import { statusesOf, whereOf } from "./listing.js";

const RARE = "UNKNOWN"; // only there when there are any
const WHY = {
  UPSTREAM_FAILED: "Pending, because something that they need has failed",
  UPSTREAM_DISABLED: "Pending, because something that they need is disabled",
};

/** One card for each status. */
export class Cards {
  #cards = new Map();
  #counts = {};

  constructor(router) {
    this.router = router;
    const cards = Object.keys(STATUSES).map((status) => this.#made(status));
    this.element = h("div", { class: "status-cards", role: "group", "aria-label": "Tasks by status" }, cards);
  }

  /** What is counted: as the event `counts` of `Live`. */
  count({ counts, stopped }) {
    this.#counts = { ...counts, ...stopped };
    this.show();
  }

  /** Which are pressed. */
  show() {
    const pressed = statusesOf(whereOf(this.router.here));
    for (const [status, { button, figure }] of this.#cards) {
      const count = this.#counts[status] ?? 0;
      const isOn = pressed.includes(status);
      fill(figure, number(count));
      set(button, { "aria-pressed": String(isOn), hidden: status === RARE && !count && !isOn });
      button.classList.toggle("none", !count);
    }
  }

  #made(status) {
    const figure = h("strong", {}, "–");
    const press = () => this.#press(status);
    const words = [mark(status), " ", STATUSES[status].word];
    const button = h("button", { onclick: press, title: WHY[status] }, figure, h("span", {}, words));
    this.#cards.set(status, { button, figure });
    return button;
  }

  #press(status) {
    const pressed = new Set(statusesOf(whereOf(this.router.here)));
    if (!pressed.delete(status)) pressed.add(status);
    this.router.change({ status: [...pressed].join(",") });
  }
}
