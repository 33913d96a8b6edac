// The edge of the panel, by which it is made wider or narrower. The browser remembers how wide.

import { h } from "../app/dom.js";

const KEY = "luigi-panel-width";
const LEAST = 320; // pixels
const STEP = 24; // of an arrow key

/** An edge to be dragged, or moved by arrow keys while it has the focus. */
export function edgeOf(panel) {
  const says = { "aria-label": "Width of the panel", "aria-valuemin": LEAST, "aria-valuenow": LEAST };
  const edge = h("div", { class: "edge", role: "separator", "aria-orientation": "vertical", tabindex: 0, ...says });
  const set = (wanted) => {
    const width = Math.round(Math.max(LEAST, Math.min(window.innerWidth * 0.7, wanted)));
    panel.style.setProperty("--width", `${width}px`);
    return width;
  };
  const keep = (wanted) => localStorage.setItem(KEY, String(set(wanted)));
  edge.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    edge.setPointerCapture(event.pointerId);
  });
  edge.addEventListener("pointermove", (event) => edge.hasPointerCapture(event.pointerId) && keep(window.innerWidth - event.clientX));
  edge.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: STEP, ArrowRight: -STEP }[event.key];
    if (!by) return;
    event.preventDefault();
    keep(panel.offsetWidth + by);
  });
  new ResizeObserver(() => edge.setAttribute("aria-valuenow", String(panel.offsetWidth))).observe(panel);
  const remembered = Number(localStorage.getItem(KEY));
  if (remembered) set(remembered);
  return edge;
}
