// Asks the server for graphs, in the one shape that is drawn.

import { step } from "../app/api.js";
import { Graph, familyKey, taskKey } from "./graph.js";

export const MOST = 2_000; // tasks that are drawn one by one
const NEAREST = 100; // tasks asked for around one that is expanded

/**
 * The graph for `{root, direction, done, fold}`: without a root all families; else what the root leads to, as tasks
 * when they are few enough or `fold` is "no", otherwise folded by the server.
 */
export async function asked(api, { root, direction, done, fold }, signal) {
  if (!root) return families(api, {}, signal);
  const ways = direction === "both" ? ["up", "down"] : [direction];
  const query = { include_done: done, limit: MOST };
  const graph = await joined(ways, (way) => outline(api, root, { ...query, direction: way }, signal));
  if (!graph.truncated || fold === "no") return graph;
  const folded = await joined(ways, (way) => families(api, { task: root, direction: way }, signal));
  return Object.assign(folded, { label: graph.label, total: graph.total, ofRoot: true });
}

/** The tasks next to one, either way. */
export function nearby(api, id) {
  return joined(["up", "down"], async (direction) => {
    const graph = await outline(api, id, { direction, include_done: true, limit: NEAREST });
    const key = taskKey(id);
    const links = graph.links.filter(([from, to]) => from === key || to === key);
    const near = new Set([key, ...links.flatMap(([from, to]) => [from, to])]);
    return new Graph({ nodes: [...graph.nodes.values()].filter((node) => near.has(node.key)), links });
  });
}

async function joined(ways, ask) {
  const [first, second] = await Promise.all(ways.map(ask));
  if (!second) return first;
  const total = first.total === null || second.total === null ? null : first.total + second.total - 1;
  return Object.assign(first.with(second), { label: first.label, total });
}

async function outline(api, id, query, signal) {
  const answer = await api.get(`tasks/${step(id)}/outline`, query, signal);
  const nodes = answer.nodes.map(([taskId, family, status, percentage, name]) => ({
    key: taskKey(taskId),
    id: taskId,
    family: answer.families[family],
    name,
    status,
    percentage,
  }));
  const links = answer.links.map(([from, to]) => [nodes[from].key, nodes[to].key, 1]);
  const { truncated, total } = answer;
  return Object.assign(new Graph({ nodes, links, root: taskKey(answer.root), truncated, total }), { label: nodes[0] });
}

async function families(api, query, signal) {
  const answer = await api.get("families/graph", query, signal);
  const nodes = answer.families.map(({ family, counts }) => familyNode(family, counts));
  const links = [];
  for (const [from, to, number] of answer.links) {
    if (from === to) nodes[from].own = number;
    else links.push([nodes[from].key, nodes[to].key, number]);
  }
  return new Graph({ nodes, links, truncated: answer.truncated });
}

/** A family as a node. */
export function familyNode(family, counts, own = 0) {
  const total = Object.values(counts).reduce((sum, one) => sum + one, 0);
  return { key: familyKey(family), family, counts, total, own };
}
