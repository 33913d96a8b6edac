// Lays out graphs that are too large to be followed link by link: fast, and in the shape of a page rather than a strip.

const BETWEEN = 90; // pixels between layers
const GAP = 16; // pixels between nodes of one layer
const SWEEPS = 8;

/** `layers` are lists of places, `links` lead to later ones but for those in circles; `shape` is width to height. */
export class Columns {
  constructor(sizes, links, layers, shape) {
    Object.assign(this, { sizes, links, shape, layers: layers.map((layer) => [...layer]) });
    this.wide = Math.max(...sizes.map(([width]) => width)) + GAP;
    this.high = Math.max(...sizes.map(([, height]) => height)) + GAP;
    this.layerOf = new Int32Array(sizes.length);
    this.layers.forEach((layer, number) => layer.forEach((place) => (this.layerOf[place] = number)));
  }

  drawn() {
    this.#order();
    const { at, width, height } = this.#placed(this.#rows());
    const routes = this.links.map(([from, to]) => [
      at[from][0] + this.sizes[from][0] / 2, at[from][1], at[to][0] - this.sizes[to][0] / 2, at[to][1],
    ]);
    return { at, routes, width, height };
  }

  /** Sorts each layer by where the neighbours are, to and fro. */
  #order() {
    const [before, after] = this.#neighbours();
    this.height = new Float64Array(this.sizes.length);
    for (const layer of this.layers) this.#spread(layer);
    for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
      const forth = sweep % 2 === 0;
      for (const layer of forth ? this.layers : this.layers.toReversed()) this.#sorted(layer, forth ? before : after);
    }
  }

  #neighbours() {
    const before = this.sizes.map(() => []);
    const after = this.sizes.map(() => []);
    for (const [from, to] of this.links) {
      if (this.layerOf[from] >= this.layerOf[to]) continue;
      before[to].push(from);
      after[from].push(to);
    }
    return [before, after];
  }

  #sorted(layer, near) {
    const wish = new Map();
    for (const place of layer) {
      const sum = near[place].reduce((total, other) => total + this.height[other], 0);
      wish.set(place, near[place].length ? sum / near[place].length : this.height[place]);
    }
    layer.sort((one, other) => wish.get(one) - wish.get(other));
    this.#spread(layer);
  }

  /** How high each of a layer stands: from 0 to 1. */
  #spread(layer) {
    layer.forEach((place, index) => (this.height[place] = (index + 0.5) / layer.length));
  }

  /** How many rows give the whole a good shape: layers with more nodes take several columns. */
  #rows() {
    const most = Math.max(...this.layers.map((layer) => layer.length));
    for (let rows = 1; rows < most; rows += 1) if (this.#width(rows) / (rows * this.high) <= this.shape) return rows;
    return most;
  }

  #width(rows) {
    const columns = this.layers.reduce((sum, layer) => sum + Math.ceil(layer.length / rows), 0);
    return columns * this.wide + (this.layers.length - 1) * BETWEEN;
  }

  #placed(rows) {
    const at = [];
    const height = rows * this.high - GAP;
    let left = 0;
    for (const layer of this.layers) {
      const columns = Math.ceil(layer.length / rows);
      const used = Math.ceil(layer.length / columns);
      const top = (height - (used * this.high - GAP)) / 2;
      layer.forEach((place, index) => {
        const [column, row] = [index % columns, Math.floor(index / columns)];
        at[place] = [left + column * this.wide + (this.wide - GAP) / 2, top + row * this.high + (this.high - GAP) / 2];
      });
      left += columns * this.wide + BETWEEN;
    }
    return { at, width: left - BETWEEN - GAP, height };
  }
}
