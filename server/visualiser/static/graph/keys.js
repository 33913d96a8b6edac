// The keyboard among the nodes of a drawing: one of them is reached by Tab, the others from there by arrows.

const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const ASIDE = 3; // how much worse it is to be off the way than far along it

/** Moves the focus in a picture. */
export class Keys {
  #reachable = null;

  constructor(picture) {
    this.picture = picture;
    picture.element.addEventListener("keydown", (event) => this.#pressed(event));
    picture.element.addEventListener("focusin", ({ target }) => this.reachable(target.closest(".node")));
  }

  /** Has Tab lead to this node. */
  reachable(link) {
    if (!link) return;
    if (this.#reachable) this.#reachable.tabIndex = -1;
    this.#reachable = link;
    link.tabIndex = 0;
  }

  #pressed(event) {
    const node = this.picture.nodeOf(event.target);
    if (!node || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "e") this.picture.tell("expand", node);
    else if (event.key in WAYS) this.#go(node, WAYS[event.key]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Along the links the way that they lead; across, to whatever is there. */
  #go(node, [dx, dy]) {
    const { graph, layout, places } = this.picture;
    const linked = (layout.down ? dy : dx) ? graph.around.get(node.key) : null;
    const next = nearest(places, places.get(node.key), [dx, dy], (key) => linked?.has(key) ?? true);
    if (!next) return;
    this.picture.reveal(next);
    this.picture.linkOf(next).focus({ preventScroll: true });
  }
}

function nearest(places, [x, y], [dx, dy], allowed) {
  let best = [Infinity, null];
  for (const [key, [otherX, otherY]] of places) {
    const along = (otherX - x) * dx + (otherY - y) * dy;
    const aside = Math.abs((otherX - x) * dy) + Math.abs((otherY - y) * dx);
    const cost = along + ASIDE * aside;
    if (along > 1 && cost < best[0] && allowed(key)) best = [cost, key];
  }
  return best[1];
}
