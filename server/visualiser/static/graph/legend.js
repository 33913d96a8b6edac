// What the shapes and colours mean, and how many there are of each.

import { fill, h } from "../app/dom.js";
import { number } from "../app/format.js";
import { about, mark } from "../app/status.js";
import { ranked } from "./nodes.js";

/** Fills a list with the statuses of a graph. */
export function legend(element, graph) {
  const sums = {};
  for (const { counts, status } of graph.nodes.values()) {
    for (const [name, count] of Object.entries(counts ?? { [status]: 1 })) sums[name] = (sums[name] ?? 0) + count;
  }
  const line = ([status, count]) => h("li", {}, mark(status), about(status).word, h("b", {}, number(count)));
  fill(element, ranked(sums).map(line));
}
