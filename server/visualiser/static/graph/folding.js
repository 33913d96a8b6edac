// What of a graph is shown: as far as one wants to see, and with families as one node each.

import { familyNode } from "./asking.js";
import { Graph } from "./graph.js";

const CROWD = 300; // tasks from which on families are folded unless somebody says otherwise
export const UNFOLDS = 200; // tasks of a family that can be shown one by one among folded ones

/** The part of a graph that is to be seen, by the words of the URL: `{graph, folded, unfolded}`. */
export function seen(whole, { depth, fold, unfold }, opened) {
  if (!whole.root) return { graph: whole, folded: true, unfolded: new Set() }; // it came folded
  const near = within(whole, Number(depth) || 0, opened);
  if (!isFolded(near, fold)) return { graph: near, folded: false, unfolded: new Set() };
  const unfolded = new Set(unfold?.split(",").filter(Boolean));
  return { graph: folded(near, unfolded), folded: true, unfolded };
}

/** The part within `depth` links of the root, and next to `opened` nodes. `more` of a node: how many hide there. */
function within(graph, depth, opened) {
  if (!depth || !graph.root) return graph;
  const shown = new Set();
  for (const [key, far] of graph.distances()) if (far <= depth) shown.add(key);
  for (const key of opened) if (shown.has(key)) for (const near of graph.around.get(key)) shown.add(near);
  const hidden = (key) => [...graph.around.get(key)].filter((near) => !shown.has(near)).length;
  const nodes = [...shown].map((key) => ({ ...graph.nodes.get(key), more: hidden(key) }));
  return new Graph({ ...graph, nodes, links: graph.links.filter(([from, to]) => shown.has(from) && shown.has(to)) });
}

/** As it is said, else when there are too many tasks to be read. */
function isFolded(graph, fold) {
  return fold ? fold === "yes" : graph.nodes.size > CROWD;
}

/** Each family as one node, but for those `unfolded`, and for those of which there is but one task. */
function folded(graph, unfolded) {
  const tasks = Map.groupBy(graph.nodes.values(), (node) => node.family);
  const place = new Map();
  const nodes = [];
  for (const [family, members] of tasks) {
    const alone = members.length === 1 || unfolded.has(family);
    const found = alone ? members : [familyNode(family, counted(members))];
    nodes.push(...found);
    for (const node of members) place.set(node.key, alone ? node : found[0]);
  }
  return new Graph({ ...graph, nodes, links: summed(graph.links, place), root: place.get(graph.root)?.key ?? "" });
}

function counted(tasks) {
  const counts = {};
  for (const { status } of tasks) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

function summed(links, place) {
  const sums = new Map();
  for (const [from, to, number] of links) {
    const [one, other] = [place.get(from), place.get(to)];
    if (one === other) {
      one.own += number;
      continue;
    }
    const name = `${one.key}\n${other.key}`;
    const sum = sums.get(name) ?? [one.key, other.key, 0];
    sum[2] += number;
    sums.set(name, sum);
  }
  return [...sums.values()];
}
