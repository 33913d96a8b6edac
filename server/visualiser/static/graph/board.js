// Where a graph is shown: as a drawing with its legend, or as a list.

import { h } from "../app/dom.js";
import { Layout } from "./layout.js";
import { legend } from "./legend.js";
import { list } from "./list.js";
import { sizeOf } from "./nodes.js";
import { Picture } from "./picture.js";

const STEP = 1.4; // how much nearer one comes at once

/** `hrefOf(node)` is where a node leads. Its `picture` tells what is clicked; `zooms` are acts by their keys. */
export class Board {
  #layout = new Layout();
  #wanted = null;
  #listed = false;
  #legend = h("ul", { class: "legend", "aria-label": "Statuses" });
  #list = h("div", { class: "wide list", tabindex: 0, role: "region", "aria-label": "The graph as a list" });

  constructor(hrefOf) {
    this.hrefOf = hrefOf;
    this.picture = new Picture(hrefOf);
    const { view } = this.picture;
    this.zooms = {
      "+": { words: "enlarge", sign: "+", act: () => view.zoom(STEP) },
      "-": { words: "make smaller", sign: "−", act: () => view.zoom(1 / STEP) },
      0: { words: "show all", sign: "⤢", act: () => this.picture.fit() },
    };
    this.picture.element.append(this.#legend, this.#buttons());
    this.element = h("div", { class: "board" }, this.picture.element, this.#list);
  }

  /**
   * Shows a graph; only what stands otherwise where it has the same shape as before. `anchor`: the key of a node that
   * stays where it is; without, all is shown. Resolves when it is there; to whether it was drawn anew.
   */
  async show(graph, { listed, anchor = "" }) {
    const turned = this.#listed !== listed;
    this.#listed = listed;
    this.picture.element.hidden = listed;
    this.#list.hidden = !listed;
    const same = this.#wanted?.sameAs(graph) && this.#wanted.root === graph.root;
    this.#wanted = graph;
    legend(this.#legend, graph);
    if (listed) list(this.#list, graph, this.hrefOf);
    if (!same) return this.#draw(graph, anchor);
    if (this.picture.graph?.sameAs(graph)) this.picture.restyle(graph);
    if (turned && !listed) this.picture.fit();
    return false;
  }

  async #draw(graph, anchor) {
    const nodes = [...graph.nodes.values()];
    const places = new Map(nodes.map(({ key }, place) => [key, place]));
    const links = graph.links.map(([needs, needed]) => [places.get(needed), places.get(needs)]);
    const layout = await this.#layout.of(nodes.map(sizeOf), links, this.#shape());
    if (!layout) return false;
    this.picture.draw(graph, layout, anchor);
    if (this.#wanted !== graph) this.picture.restyle(this.#wanted); // tasks went on meanwhile
    return true;
  }

  #shape() {
    const { clientWidth, clientHeight } = this.element;
    return clientHeight ? clientWidth / clientHeight : 1;
  }

  #buttons() {
    const buttons = ["+", "-", "0"].map((key) => {
      const { words, sign, act } = this.zooms[key];
      const label = `${words} (${key})`;
      return h("button", { title: label, "aria-label": label, onclick: act }, sign);
    });
    return h("div", { class: "zooms" }, buttons);
  }
}
