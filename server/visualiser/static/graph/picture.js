// The drawing on the page: nodes, lines, and which of them are marked.

import { fill, h, set, svg } from "../app/dom.js";
import { many } from "../app/format.js";
import { taskKey } from "./graph.js";
import { Keys } from "./keys.js";
import { lines } from "./lines.js";
import { drawn, signature, sizeOf } from "./nodes.js";
import { Pointing } from "./pointing.js";
import { Sight, around } from "./sight.js";
import { Viewport } from "./viewport.js";

const MARKS = ["found", "here", "opened"]; // classes that a node keeps when it is drawn anew

/** Events: `open` and `expand` (a node), as somebody clicks or double-clicks. */
export class Picture extends EventTarget {
  #nodes = svg("g", { class: "nodes" });
  #lines = svg("g", { class: "lines" });
  #lit = svg("g", { class: "lines lit" });
  #drawn = new Map();
  #opened = "";
  #sight = new Sight();

  constructor(hrefOf) {
    super();
    Object.assign(this, { hrefOf, graph: null });
    this.scene = svg("g", { class: "scene" }, this.#lines, this.#lit, this.#nodes);
    this.element = h("div", { class: "drawing", tabindex: 0, role: "group" }, svg("svg", {}, this.scene));
    this.pointing = new Pointing(this, this.#nodes);
    this.view = new Viewport(this.element, this.scene, () => this.#moved());
    this.keys = new Keys(this);
    new ResizeObserver(() => this.mark(this.#opened)).observe(this.element); // the panel may come to lie over it
  }

  /** Draws a graph where a layout has put it. `anchor`: the key of a node that stays where it is, else all is shown. */
  draw(graph, layout, anchor = "") {
    const before = this.places?.get(anchor);
    const keys = [...graph.nodes.keys()];
    Object.assign(this, { graph, layout, links: graph.links });
    this.places = new Map(keys.map((key, index) => [key, layout.at[index]]));
    this.#drawn = new Map([...graph.nodes.values()].map((node) => [node.key, this.#made(node)]));
    this.pointing.end();
    fill(this.#nodes, [...this.#drawn.values()].map(({ element }) => element));
    this.#sight.begin(keys.map((key) => this.#box(key)), layout.routes.map((route) => around(route, layout.down)));
    const keysDo = "arrow keys move it; Tab goes to its nodes, e shows what is next to one";
    this.element.setAttribute("aria-label", `A drawing of ${many(keys.length, "node")}: ${keysDo}`);
    this.keys.reachable(this.linkOf(graph.root) ?? this.linkOf(keys[0]));
    if (before) this.#hold(before, this.places.get(anchor));
    else this.fit();
    this.mark(this.#opened);
  }

  /** Draws those nodes anew that stand otherwise, in a graph of the same shape. */
  restyle(graph) {
    this.graph = graph;
    for (const node of graph.nodes.values()) {
      if (this.#drawn.get(node.key).signature !== signature(node)) this.#replace(node);
    }
  }

  /** Shows all of it. */
  fit() {
    if (!this.graph || !this.element.clientWidth) return; // nobody sees it now
    this.view.fit(this.layout, this.places.get(this.graph.root));
  }

  /** Marks the task that is open beside the drawing, and sees to it that it is in sight. */
  mark(taskId) {
    this.#opened = taskId;
    this.element.querySelector(".node.opened")?.classList.remove("opened");
    const link = this.linkOf(taskKey(taskId));
    if (!link) return;
    link.classList.add("opened");
    this.reveal(taskKey(taskId));
  }

  /** Marks what a search has found; `here` is where it stands, which is brought into the middle. */
  found(keys, here) {
    this.element.classList.toggle("searching", keys !== null);
    for (const [key, { element }] of this.#drawn) {
      element.firstChild.classList.toggle("found", keys?.has(key) ?? false);
      element.firstChild.classList.toggle("here", key === here);
    }
    if (here) this.view.centre(this.places.get(here), { read: true });
  }

  /** Lights up the links of a node; of null, none. */
  light(key) {
    const near = key === null ? [] : [...this.links.keys()].filter((place) => this.links[place].includes(key));
    fill(this.#lit, this.#linesOf(near));
  }

  /** Brings a node into sight. */
  reveal(key) {
    this.#drawn.get(key).element.removeAttribute("display"); // at once: it may get the focus
    this.view.reveal(this.places.get(key), sizeOf(this.graph.nodes.get(key)));
  }

  /** Makes all lines, also those out of sight, until one moves on. */
  complete() {
    fill(this.#lines, this.#linesOf([...this.links.keys()]));
    this.#sight.forget();
  }

  linkOf(key) {
    return this.#drawn.get(key)?.element.firstChild ?? null;
  }

  nodeOf(target) {
    return this.graph?.nodes.get(target.closest?.(".node")?.dataset.key) ?? null;
  }

  /** Tells who listens that something was done to a node. */
  tell(kind, node) {
    this.dispatchEvent(new CustomEvent(kind, { detail: node }));
  }

  #made(node) {
    const element = drawn(node, this.hrefOf(node), this.places.get(node.key), node.key === this.graph.root);
    return { element, signature: signature(node) };
  }

  #replace(node) {
    const before = this.#drawn.get(node.key).element;
    const after = this.#made(node);
    const [old, link] = [before.firstChild, after.element.firstChild];
    const focused = document.activeElement === old;
    link.classList.add(...MARKS.filter((name) => old.classList.contains(name)));
    if (old.tabIndex === 0) this.keys.reachable(link);
    if (before.hasAttribute("display")) after.element.setAttribute("display", "none");
    before.replaceWith(after.element);
    this.#drawn.set(node.key, after);
    if (focused) link.focus({ preventScroll: true });
  }

  /** Sees to it that everything in sight is there. */
  #moved() {
    this.pointing.end();
    const now = this.graph && this.#sight.look(this.view);
    if (!now) return;
    fill(this.#lines, this.#linesOf([...now.lines]));
    [...this.#drawn.values()].forEach(({ element }, place) => {
      const hidden = !now.nodes.has(place) && element.firstChild.tabIndex < 0;
      if (hidden !== element.hasAttribute("display")) set(element, { display: hidden ? "none" : null });
    });
  }

  #linesOf(places) {
    const { routes, down } = this.layout;
    return lines(places.map((place) => this.links[place]), places.map((place) => routes[place]), down);
  }

  #box(key) {
    const [[x, y], [width, height]] = [this.places.get(key), sizeOf(this.graph.nodes.get(key))];
    return [x - width / 2, y - height / 2, x + width / 2, y + height / 2];
  }

  #hold([x, y], [newX, newY]) {
    this.view.pan((x - newX) * this.view.scale, (y - newY) * this.view.scale);
  }
}
