// Says the whole name of the node that one points at, and how it stands.

import { fill, h } from "../app/dom.js";
import { number, short } from "../app/format.js";
import { nameOf, standing } from "./nodes.js";

const LONGEST = 400; // characters
const GAP = 6; // pixels between a node and what is said of it

/** One line beside a node, within a stage. */
export class Tip {
  constructor(stage) {
    this.stage = stage;
    this.element = h("div", { class: "tip", hidden: true, "aria-hidden": "true" });
    stage.append(this.element);
  }

  show(node, link) {
    const own = node.own ? `${number(node.own)} times one of them needs another.` : "";
    const name = h("strong", {}, short(nameOf(node), LONGEST));
    const id = node.id ? h("code", {}, short(node.id, LONGEST)) : null;
    fill(this.element, name, h("span", {}, standing(node)), own ? h("span", {}, own) : null, id);
    this.element.hidden = false;
    this.#place(link.getBoundingClientRect(), this.stage.getBoundingClientRect());
  }

  hide() {
    this.element.hidden = true;
  }

  /** Beneath the node, or above it where there is no room. */
  #place(node, stage) {
    const { offsetWidth: width, offsetHeight: height } = this.element;
    const left = Math.max(GAP, Math.min(node.x - stage.x, stage.width - width - GAP));
    const below = node.bottom - stage.y + GAP;
    const top = below + height < stage.height ? below : Math.max(GAP, node.y - stage.y - height - GAP);
    this.element.style.left = `${left}px`;
    this.element.style.top = `${top}px`;
  }
}
