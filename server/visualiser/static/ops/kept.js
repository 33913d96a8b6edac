// A list on the page that is shown anew without being made anew: what has the focus, or is unfolded, stays so.

/**
 * `key(thing)` tells things apart; `make(thing)` gives what has an `element` and can `show(thing)`; `after`: the child
 * behind which they stand, if others come before them.
 */
export class Kept {
  #known = new Map();

  constructor(element, { key, make, after = null }) {
    Object.assign(this, { element, key, make, after });
  }

  /** Has one element for each of these things, in their order. */
  show(things) {
    this.#drop(new Set(things.map(this.key)));
    let next = this.after ? this.after.nextElementSibling : this.element.firstElementChild;
    for (const thing of things) {
      const one = this.#of(thing);
      one.show(thing);
      if (one.element === next) next = next.nextElementSibling;
      else this.element.insertBefore(one.element, next);
    }
  }

  #of(thing) {
    const key = this.key(thing);
    if (!this.#known.has(key)) this.#known.set(key, this.make(thing));
    return this.#known.get(key);
  }

  #drop(keys) {
    for (const [key, { element }] of this.#known) {
      if (keys.has(key)) continue;
      element.remove();
      this.#known.delete(key);
    }
  }
}
