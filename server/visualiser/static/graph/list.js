// The graph as a table: the same for those who do not see drawings, or would rather read.

import { fill, h } from "../app/dom.js";
import { many, number, short } from "../app/format.js";
import { mark } from "../app/status.js";
import { nameOf, ranked, standing } from "./nodes.js";

const NAMED = 8; // neighbours that are named

/** Fills an element with a row for each node. */
export function list(element, graph, hrefOf) {
  const needs = new Map([...graph.nodes.keys()].map((key) => [key, []]));
  for (const [from, to] of graph.links) needs.get(from).push(graph.nodes.get(to));
  const rows = [...graph.nodes.values()].map((node) => {
    const name = h("th", { scope: "row" }, link(node, hrefOf));
    return h("tr", {}, name, h("td", {}, stands(node)), h("td", {}, named(needs.get(node.key), hrefOf)));
  });
  const head = ["Name", "Status", "Needs"].map((word) => h("th", { scope: "col" }, word));
  const caption = h("caption", {}, `${many(rows.length, "node")}, and what each needs`);
  fill(element, h("table", {}, caption, h("thead", {}, h("tr", {}, head)), h("tbody", {}, rows)));
}

function link(node, hrefOf) {
  return h("a", { href: hrefOf(node) }, short(nameOf(node)));
}

function stands(node) {
  if (!node.counts) return h("span", { class: "standing" }, mark(node.status), " ", standing(node));
  return ranked(node.counts).map(([status, count]) =>
    h("span", { class: "standing", title: standing(node) }, mark(status, { labelled: true }), " ", number(count), " "),
  );
}

function named(nodes, hrefOf) {
  if (!nodes.length) return h("span", { class: "faint" }, "nothing");
  const first = nodes.slice(0, NAMED).map((node, place) => [place ? ", " : "", link(node, hrefOf)]);
  return [first, nodes.length > NAMED ? ` and ${number(nodes.length - NAMED)} more` : ""];
}
