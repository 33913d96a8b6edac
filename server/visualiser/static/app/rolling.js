// A list of any length in the page: the rows in sight are there, the others are room to scroll over.

import { set } from "./dom.js";

const SPARE = 8; // rows made beyond each edge of what is in sight
const HIGHEST = 8_000_000; // pixels: browsers lay out no more than some 16 millions

/**
 * `scroller` scrolls; `body`, within `spacer`, has the rows; `head`, if any, stays above them. `row(index)` gives
 * `{state, make}`: the element that `make()` made stays as long as all values of `state` are the same. `shown(sight)`
 * is called whenever rows were shown.
 */
export class Rolling {
  #made = new Map();
  #total = 0;
  #top = 0;

  constructor({ scroller, spacer, body, head = null, rowHeight, row, shown = () => {} }) {
    Object.assign(this, { scroller, spacer, body, head, rowHeight, row, shown });
    scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    new ResizeObserver(() => this.draw()).observe(scroller);
  }

  /** Shows a list of `total` rows, as they are now. */
  draw(total = this.#total) {
    this.#total = total;
    if (!this.scroller.isConnected) return;
    set(this.spacer, { style: { height: `${Math.min(HIGHEST, total * this.rowHeight)}px` } });
    const { first, last } = this.sight;
    const shift = this.scroller.scrollTop - this.#offset + first * this.rowHeight;
    set(this.body, { style: { transform: `translateY(${shift}px)` } });
    this.#place(first, last);
    this.shown({ first, last });
  }

  /** Scrolls to a row, which becomes the first in sight. */
  scrollTo(index) {
    this.scroller.scrollTop = (index * this.rowHeight) / this.#scale;
    this.#top = this.scroller.scrollTop;
  }

  /** Goes back to where it was scrolled to when it was taken out of the page. */
  restore() {
    const top = this.#top;
    this.draw();
    this.scroller.scrollTop = top;
  }

  /** The rows in sight, and some beyond: `first`, and `last`, which is not among them. */
  get sight() {
    const first = Math.max(0, Math.floor(this.#offset / this.rowHeight) - SPARE);
    const last = Math.ceil((this.#offset + this.#room) / this.rowHeight) + SPARE;
    return { first, last: Math.min(last, this.#total) };
  }

  /** The first row that is wholly in sight. */
  get uppermost() {
    return Math.min(this.#total - 1, Math.ceil(this.#offset / this.rowHeight));
  }

  /** How many rows there is room for. */
  get page() {
    return Math.max(1, Math.floor(this.#room / this.rowHeight));
  }

  /** Scrolls no farther than it takes to see a row. */
  reveal(index) {
    const top = index * this.rowHeight;
    const lowest = top + this.rowHeight - this.#room;
    if (top < this.#offset) this.scroller.scrollTop = top / this.#scale;
    else if (lowest > this.#offset) this.scroller.scrollTop = Math.ceil(lowest / this.#scale);
  }

  /** Calls `each(element, index)` for the rows that are there. */
  each(call) {
    for (const [index, { element }] of this.#made) call(element, index);
  }

  #scrolled() {
    if (!this.scroller.isConnected) return;
    this.#top = this.scroller.scrollTop;
    this.draw();
  }

  #place(first, last) {
    const elements = [];
    for (let index = first; index < last; index += 1) elements.push(this.#element(index));
    for (const index of this.#made.keys()) if (index < first || index >= last) this.#made.delete(index);
    const wanted = new Set(elements);
    for (const element of [...this.body.children]) if (!wanted.has(element)) element.remove();
    let next = this.body.firstChild;
    for (const element of elements) {
      if (element === next) next = next.nextSibling;
      else this.body.insertBefore(element, next);
    }
  }

  #element(index) {
    const { state, make } = this.row(index);
    const known = this.#made.get(index);
    if (known && known.state.every((value, at) => Object.is(value, state[at]))) return known.element;
    const element = make();
    this.#made.set(index, { state, element });
    return element;
  }

  get #room() {
    return Math.max(0, this.scroller.clientHeight - (this.head?.offsetHeight ?? 0));
  }

  /** How many pixels of the list one pixel of scrolling is: one, unless the list is higher than browsers can. */
  get #scale() {
    const full = this.#total * this.rowHeight;
    return full <= HIGHEST ? 1 : (full - this.#room) / (HIGHEST - this.#room);
  }

  get #offset() {
    return this.scroller.scrollTop * this.#scale;
  }
}
