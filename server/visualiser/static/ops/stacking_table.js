// A table whose rows become cards where there is little room: it says by roles that it is a table all the same.

import { h } from "../app/dom.js";

/** `{element, table, head}`: the bodies, or rows, are put behind the head. `kind`: its class. */
export function stackingTable(kind, heads, ...bodies) {
  const cells = heads.map((words) => h("th", { scope: "col", role: "columnheader" }, words));
  const head = h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, cells));
  const table = h("table", { role: "table", class: `${kind} stacks` }, head, bodies);
  return { element: h("div", { class: "wide" }, table), table, head };
}
