// Saves the drawing as a file that stands by itself: colours and fonts are written into it.

import { svg } from "../app/dom.js";

const KEPT = ["fill", "fill-opacity", "stroke", "stroke-opacity", "stroke-width", "stroke-linecap", "stroke-linejoin",
  "font-family", "font-size", "font-weight", "text-anchor"];
const EDGE = 20; // pixels around the drawing
const PLAIN = new Set(["transform", "d", "x", "y", "width", "height", "rx"]);

/** Gives the picture to the browser to keep, as a file of that name. */
export function save(picture, name) {
  const text = new XMLSerializer().serializeToString(standing(picture));
  const url = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `luigi-graph-${name.replace(/[^\w.-]+/g, "_").slice(0, 80)}.svg`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000); // the browser reads it after this
}

/** As it is drawn when one is near, and points at nothing. */
function standing(picture) {
  const { element, scene, layout } = picture;
  const [width, height] = [layout.width + 2 * EDGE, layout.height + 2 * EDGE];
  const box = { x: -EDGE, y: -EDGE, width, height };
  picture.complete();
  const classes = element.className;
  element.className = "drawing";
  const ground = svg("rect", { ...box, fill: getComputedStyle(element).backgroundColor });
  const copy = copied(scene);
  element.className = classes;
  copy.removeAttribute("transform");
  return svg("svg", { viewBox: Object.values(box).join(" "), width, height }, ground, copy);
}

/** An element with its looks as attributes; links are no links there, since they would lead nowhere. */
function copied(element) {
  if (element.nodeType === Node.TEXT_NODE) return document.createTextNode(element.data);
  const tag = element.localName === "a" ? "g" : element.localName;
  const copy = svg(tag, looks(element), [...element.childNodes].filter(drawable).map(copied));
  for (const { name, value } of element.attributes) if (PLAIN.has(name)) copy.setAttribute(name, value);
  const label = element.getAttribute("aria-label");
  if (label) copy.prepend(svg("title", {}, label));
  return copy;
}

function drawable(element) {
  return !element.classList?.contains("lit") && !element.classList?.contains("more");
}

function looks(element) {
  if (element.localName === "g" || element.localName === "a" || element.localName === "title") return {};
  const style = getComputedStyle(element);
  return Object.fromEntries(KEPT.map((name) => [name, style.getPropertyValue(name)]));
}
