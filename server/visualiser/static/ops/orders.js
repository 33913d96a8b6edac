// The buttons for orders, and why they are not for everybody.

import { h } from "../app/dom.js";

/** A button that has something ordered; it is there for those too who may not. */
export function orderButton({ acts }, words, order) {
  const title = acts.allowed ? null : acts.refusal;
  return h("button", { class: "quiet", disabled: !acts.allowed, title, onclick: order }, words);
}

/** A line that is only there for those who may not act. */
export function refusal({ acts }) {
  return h("p", { class: "faint", hidden: acts.allowed }, acts.refusal);
}
