// Draws the links: a few long paths rather than an element each, which browsers draw many times faster.

import { svg } from "../app/dom.js";

const HEAD = 7; // pixels of an arrow's head
const WEIGHTS = [1, 100, 10_000]; // from so many links on, a line between families is one step thicker

/** The lines of links (`[needs, needed, number]`, with the route of each), and their heads. `down`: see Layout. */
export function lines(links, routes, down) {
  const pen = down ? (x, y) => `${round(y)} ${round(x)}` : (x, y) => `${round(x)} ${round(y)}`;
  const thick = WEIGHTS.map(() => "");
  let heads = "";
  links.forEach(([, , number], index) => {
    thick[WEIGHTS.findLastIndex((least) => number >= least)] += line(routes[index], pen);
    heads += head(routes[index], pen);
  });
  const paths = thick.map((d, weight) => d && svg("path", { class: `line weight-${weight}`, d }));
  return [paths.filter(Boolean), svg("path", { class: "head", d: heads })];
}

function line(route, pen) {
  const last = route.length - 2;
  let d = `M${pen(route[0], route[1])}`;
  for (let at = 2; at <= last; at += 2) {
    const x = at === last ? route[at] - HEAD + 1 : route[at];
    d += curve(route[at - 2], route[at - 1], x, route[at + 1], pen);
  }
  return d;
}

/** Leaves and arrives straight; where it has to go back, it swings out. */
function curve(x, y, toX, toY, pen) {
  const swing = toX > x ? (toX - x) / 2 : 60;
  return `C${pen(x + swing, y)} ${pen(toX - swing, toY)} ${pen(toX, toY)}`;
}

function head(route, pen) {
  const [x, y] = route.slice(-2);
  return `M${pen(x, y)}L${pen(x - HEAD, y - 3.5)}L${pen(x - HEAD, y + 3.5)}z`;
}

function round(value) {
  return Math.round(value * 10) / 10;
}
