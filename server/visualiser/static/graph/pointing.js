// What happens to the nodes of a drawing by pointing and clicking.

import { Tip } from "./tip.js";

/** `nodes` is the element that holds the nodes of a picture. */
export class Pointing {
  constructor(picture, nodes) {
    this.picture = picture;
    this.tip = new Tip(picture.element);
    nodes.addEventListener("click", (event) => this.#clicked(event));
    nodes.addEventListener("dblclick", (event) => this.#tell("expand", picture.nodeOf(event.target)));
    nodes.addEventListener("pointerover", (event) => this.#at(picture.nodeOf(event.target)));
    nodes.addEventListener("focusin", (event) => this.#focused(picture.nodeOf(event.target)));
    for (const end of ["pointerout", "focusout"]) nodes.addEventListener(end, () => this.end());
  }

  /** Points at nothing any more. */
  end() {
    this.tip.hide();
    if (this.picture.layout) this.picture.light(null);
  }

  #at(node) {
    if (!node || this.picture.view.dragging) return;
    this.picture.light(node.key);
    this.tip.show(node, this.picture.linkOf(node.key));
  }

  #focused(node) {
    if (!node || !this.picture.linkOf(node.key).matches(":focus-visible")) return;
    this.picture.reveal(node.key);
    this.#at(node);
  }

  /** With Ctrl and the like browsers open the link as they do others. */
  #clicked(event) {
    const more = event.target.closest(".more");
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (this.picture.view.dragged) return;
    if (more) this.#tell("expand", this.picture.graph.nodes.get(more.dataset.expand));
    else this.#tell("open", this.picture.nodeOf(event.target));
  }

  #tell(kind, node) {
    if (node) this.picture.tell(kind, node);
  }
}
