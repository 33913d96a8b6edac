// Draws a node: a task with its status, or a family with how many of its tasks have which.

import { svg } from "../app/dom.js";
import { number } from "../app/format.js";
import { STATUSES, about } from "../app/status.js";
import { beginning, ending } from "./labels.js";

const TASK = [186, 40];
const FAMILY = [206, 62];
const BAND = 26; // pixels at the left of a task, for its mark
const SHOWN = 4; // statuses of a family for which there is room in numbers

export function sizeOf(node) {
  return node.counts ? FAMILY : TASK;
}

/** Everything that a node's picture is made from: it is drawn anew when this changes. */
export function signature(node) {
  return JSON.stringify([node.status, node.percentage, node.counts, node.own, node.more]);
}

/** What a node is called where there is room for it. */
export function nameOf(node) {
  if (node.counts) return `${node.family || "(no family)"}, ${number(node.total)} tasks`;
  return node.name && node.family ? `${node.family}(${node.name})` : node.family || node.id;
}

/** What one searches in. */
export function wordsOf(node) {
  return `${nameOf(node)} ${node.id ?? ""}`.toLowerCase();
}

/** How a node stands, in words. */
export function standing(node) {
  const some = ([status, count]) => `${number(count)} ${about(status).word.toLowerCase()}`;
  if (node.counts) return ranked(node.counts).map(some).join(", ");
  const { word } = about(node.status);
  return node.percentage === null ? word : `${word}, ${Math.round(node.percentage)} %`;
}

/** The statuses that some have, in the order of legends. */
export function ranked(counts) {
  const order = Object.keys(STATUSES);
  const found = Object.entries(counts).filter(([, count]) => count);
  return found.sort(([one], [other]) => order.indexOf(one) - order.indexOf(other));
}

/** The picture: a link with all that belongs to it, at `[x, y]` (its middle). */
export function drawn(node, href, [x, y], isRoot) {
  const [width, height] = sizeOf(node);
  const tone = node.counts ? "folded" : about(node.status).tone;
  const parts = node.counts ? familyParts(node, width) : taskParts(node, width, height);
  const label = `${nameOf(node)}: ${standing(node)}`;
  const link = svg(
    "a",
    { class: `node ${tone}${isRoot ? " root" : ""}`, href, tabindex: -1, "aria-label": label, data: { key: node.key } },
    svg("rect", { class: "box", width, height, rx: 6 }),
    parts,
  );
  const more = node.more ? expander(node, width, height) : null;
  return svg("g", { class: "at", transform: `translate(${x - width / 2} ${y - height / 2})` }, link, more);
}

function taskParts({ family, name, id, status, percentage }, width, height) {
  const room = width - BAND - 16;
  const title = ending(family || id, room, "600 12px");
  const text = { class: "name", x: BAND + 8, y: name ? 17 : 24 };
  return [
    svg("path", { class: "band", d: `M6 0H${BAND}V${height}H6a6 6 0 0 1-6-6V6a6 6 0 0 1 6-6z` }),
    glyph(status, 5, height / 2 - 8, 1),
    svg("text", text, title),
    name && svg("text", { class: "words", x: BAND + 8, y: 31 }, beginning(name, room, "11px")),
    percentage === null ? null : progress(percentage, width - BAND - 4, height - 4),
  ];
}

function progress(percentage, whole, y) {
  const width = (whole * Math.max(0, Math.min(100, percentage))) / 100;
  return svg("rect", { class: "progress-bar", x: BAND, y, width, height: 3 });
}

function familyParts({ family, counts, total, own }, width) {
  const sum = `${own ? "↻ " : ""}${number(total)}`;
  const room = width - 26 - sum.length * 7;
  return [
    svg("text", { class: "name", x: 10, y: 20 }, ending(family || "(no family)", room, "600 12px")),
    svg("text", { class: "words sum", x: width - 10, y: 20 }, sum),
    bar(counts, total, width - 20),
    figures(counts, width),
  ];
}

/** A bar of parts as long as there are tasks of each status. */
function bar(counts, total, width) {
  let x = 10;
  return ranked(counts).map(([status, count]) => {
    const length = (width * count) / total;
    const box = { x, y: 29, width: Math.max(1, length - 0.5), height: 6 };
    const part = svg("rect", { class: `part ${about(status).tone}`, ...box });
    x += length;
    return part;
  });
}

function figures(counts, width) {
  const all = ranked(counts);
  const pitch = (width - 20) / Math.max(3, Math.min(SHOWN, all.length));
  return all.slice(0, SHOWN).map(([status, count], index) => {
    const x = 10 + index * pitch;
    return [
      svg("g", { class: about(status).tone }, glyph(status, x, 42.5, 0.7)),
      svg("text", { class: "figure", x: x + 15, y: 52 }, beginning(number(count), pitch - 17, "11px")),
    ];
  });
}

function glyph(status, x, y, scale) {
  const { path, solid, heavy } = about(status);
  const classes = `glyph ${solid ? "solid" : "open"}${heavy ? " heavy" : ""}`;
  return svg("path", { class: classes, d: path, transform: `translate(${x} ${y}) scale(${scale})` });
}

function expander(node, width, height) {
  const text = `+${number(node.more)}`;
  const wide = 10 + text.length * 6.5;
  return svg(
    "g",
    { class: "more", transform: `translate(${width - wide - 6} ${height - 8})`, data: { expand: node.key } },
    svg("title", {}, `Show ${number(node.more)} more`),
    svg("rect", { width: wide, height: 16, rx: 8 }),
    svg("text", { x: wide / 2, y: 12 }, text),
  );
}
