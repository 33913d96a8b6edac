// The first of a long list, and the others when somebody wants them.

import { h } from "../app/dom.js";
import { number } from "../app/format.js";

const FIRST = 10;

/** Makes lists; once somebody has asked for all of one, the next are whole too. */
export class Few {
  #all = false;

  /** A list of what `made` makes of each item. */
  list(kind, items, made) {
    const rows = (some) => some.map((item) => h("li", {}, made(item)));
    const short = this.#all || items.length <= FIRST + 2;
    const list = h("ol", { class: kind }, rows(short ? items : items.slice(0, FIRST)));
    if (short) return list;
    const more = h("button", { class: "plain more", onclick: () => showAll() }, `Show all ${number(items.length)}`);
    const showAll = () => {
      this.#all = true;
      list.append(...rows(items.slice(FIRST)));
      more.remove();
    };
    return [list, more];
  }
}
