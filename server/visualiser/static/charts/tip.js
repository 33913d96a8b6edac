// What is said of the thing under the pointer, beside it and always within the chart.

import { fill, h } from "../app/dom.js";

export class Tip {
  /** `around`: the element it stays in, which is positioned. */
  constructor(around) {
    this.around = around;
    this.element = h("div", { class: "tip", "aria-hidden": "true", hidden: true });
    around.append(this.element);
  }

  /** Says these lines at a point of the window. */
  show(lines, x, y) {
    fill(this.element, lines.map((line) => h("div", {}, line)));
    this.element.hidden = false;
    const room = this.around.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = this.element;
    const left = Math.max(0, Math.min(room.width - width, x - room.left + 12));
    const below = y - room.top + 14;
    const top = below + height > room.height ? y - room.top - height - 8 : below;
    this.element.style.transform = `translate(${left}px, ${top}px)`;
  }

  hide() {
    this.element.hidden = true;
  }
}
