// Lays a graph out, in a thread of its own: carefully when it is small enough to be followed, else quickly.

import { Graph, layout } from "../vendor/dagre.esm.js";
import { Columns } from "./columns.js";
import { layersOf } from "./layers.js";

// Above these numbers dagre takes seconds, and what it draws is a strip that nobody can read.
const CAREFUL = { nodes: 250, links: 500, side: 30 };
const TRIED = 100; // nodes up to which both ways of lying are tried
const ROOM = { between: 56, beside: 14 }; // pixels from layer to layer, and from node to node
const GAP = 28; // pixels between nodes that nothing is joined to
const SQUARE = 1.6; // width to height of those, where there is nothing else

self.onmessage = ({ data: { sizes, links, shape } }) => self.postMessage(turned(sizes, links, shape));

/** From left to right, or from top to bottom where that fits better into the shape (width to height) that there is. */
function turned(sizes, links, shape) {
  if (sizes.length > TRIED) return (isDeep(sizes, links, shape) ? down : across)(sizes, links, shape);
  const both = [across(sizes, links, shape), down(sizes, links, shape)];
  const [one, other] = both.map(({ width, height }) => Math.max(width / shape, height));
  return one <= other ? both[0] : both[1];
}

function across(sizes, links, shape) {
  return { ...laidOut(sizes, links, shape), down: false };
}

function down(sizes, links, shape) {
  const { at, routes, width, height } = laidOut(sizes.map(([one, other]) => [other, one]), links, 1 / shape);
  return { at: at.map(([x, y]) => [y, x]), routes, width: height, height: width, down: true };
}

/** Whether it would seem so without trying both. */
function isDeep(sizes, links, shape) {
  if (!links.length) return false;
  const layers = layersOf(sizes.length, links);
  const joined = new Set(links.flat()).size;
  const deep = layers.length;
  const side = Math.min(Math.max(...layers.map((layer) => layer.length)), joined);
  const [wide, high] = sizes[0];
  const lying = Math.max((deep * (wide + ROOM.between)) / shape, side * (high + ROOM.beside));
  const standing = Math.max((side * (wide + ROOM.beside)) / shape, deep * (high + ROOM.between));
  return standing < lying;
}

function laidOut(sizes, links, shape) {
  const joined = new Set(links.flat());
  const places = [...joined].sort((one, other) => one - other);
  const inside = new Map(places.map((place, index) => [place, index]));
  const drawn = arranged(
    places.map((place) => sizes[place]),
    links.map(([from, to]) => [inside.get(from), inside.get(to)]),
    shape,
  );
  const at = [];
  for (const [place, index] of inside) at[place] = drawn.at[index];
  const apart = [...sizes.keys()].filter((place) => !joined.has(place));
  return { ...drawn, ...gridBelow(drawn, at, apart, sizes), at };
}

function arranged(sizes, links, shape) {
  if (!links.length) return { at: [], routes: [], width: 0, height: 0 };
  const layers = layersOf(sizes.length, links);
  const side = Math.max(...layers.map((layer) => layer.length));
  const careful = sizes.length <= CAREFUL.nodes && links.length <= CAREFUL.links && side <= CAREFUL.side;
  return careful ? carefully(sizes, links) : new Columns(sizes, links, layers, shape).drawn();
}

function carefully(sizes, links) {
  const graph = new Graph({ multigraph: false });
  graph.setGraph({ rankdir: "LR", nodesep: ROOM.beside, edgesep: 10, ranksep: ROOM.between, ranker: "tight-tree" });
  graph.setDefaultEdgeLabel(() => ({}));
  sizes.forEach(([width, height], place) => graph.setNode(String(place), { width, height }));
  for (const [from, to] of links) graph.setEdge(String(from), String(to));
  layout(graph);
  const { width, height } = graph.graph();
  const at = sizes.map((_, place) => [graph.node(String(place)).x, graph.node(String(place)).y]);
  return { at, routes: links.map((link) => routed(graph, link, sizes)), width, height };
}

/** From the right edge of one to the left edge of the other; against the stream where links go round in a circle. */
function routed(graph, [from, to], sizes) {
  const [one, other] = [graph.node(String(from)), graph.node(String(to))];
  const bends = graph.edge(String(from), String(to)).points.slice(1, -1);
  if (bends.length === 1) bends.pop();
  const points = bends.flatMap(({ x, y }) => [x, y]);
  return [one.x + sizes[from][0] / 2, one.y, ...points, other.x - sizes[to][0] / 2, other.y];
}

/** Those that nothing is joined to: side by side beneath the others. */
function gridBelow({ width, height }, at, apart, sizes) {
  if (!apart.length) return { width, height };
  const wide = Math.max(...apart.map((place) => sizes[place][0])) + GAP;
  const high = Math.max(...apart.map((place) => sizes[place][1])) + GAP;
  const square = Math.ceil(Math.sqrt((apart.length * SQUARE * high) / wide));
  const columns = Math.max(1, Math.floor((width + GAP) / wide), square);
  const top = height ? height + GAP : 0;
  apart.forEach((place, index) => {
    const [column, row] = [index % columns, Math.floor(index / columns)];
    at[place] = [column * wide + (wide - GAP) / 2, top + row * high + (high - GAP) / 2];
  });
  const rows = Math.ceil(apart.length / columns);
  return { width: Math.max(width, Math.min(columns, apart.length) * wide - GAP), height: top + rows * high - GAP };
}
