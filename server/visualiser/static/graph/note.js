// The line above a drawing: how much it shows, and what one can do about it.

import { h } from "../app/dom.js";
import { many, number } from "../app/format.js";

/** Words for what is drawn. `whole`: the graph of which `shown` is a part or a summary. */
export function amount(whole, shown) {
  const all = many(count(whole), "task");
  const families = many(whole.nodes.size, "family", "families");
  if (whole.ofRoot) return `${all}, folded into ${families}`;
  if (!whole.root) return `${all} in ${families}${whole.truncated ? ": those with most tasks" : ""}`;
  if (whole.truncated) return `The nearest ${number(whole.nodes.size)} of ${total(whole)}`;
  const part = count(shown) < count(whole) ? `${number(count(shown))} of ` : "";
  const folded = [...shown.nodes.values()].filter((node) => node.counts).length;
  return `${part}${all}${folded ? `, ${many(folded, "family", "families")} folded` : ""}`;
}

/** What to do where there is nothing to draw. */
export function nothingYet(root) {
  return h(
    "div",
    { class: "empty" },
    h("p", {}, "No tasks are known yet. Start a run against this server:"),
    h("pre", {}, `kernel run --module my_module MyTask --scheduler-url ${new URL(".", root).href.replace(/\/$/, "")}`),
  );
}

/** What went wrong. */
export function trouble(error, href) {
  const words = [h("p", {}, error.message), error.hint && h("p", {}, error.hint)];
  return h("div", { class: "empty" }, words, h("a", { href }, "All families"));
}

function total({ total: known }) {
  return known === null ? "more tasks than are counted" : many(known, "task");
}

function count({ nodes }) {
  return [...nodes.values()].reduce((sum, node) => sum + (node.total ?? 1), 0);
}
