// Round numbers at the end of an axis, and the part of a span of time that is looked at.

const ROUND = [1, 2, 3, 4, 5, 6, 8, 10];
const CLOSEST = 1; // seconds: nobody looks closer

/** The next round number that is not less, for what is counted. */
export function roundUp(value) {
  if (value <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return power * ROUND.find((one) => one * power >= value - 1e-9);
}

/** A span of time of which a part is in sight: `from`, `until`. As long as it is the whole, it grows with it. */
export class Sight {
  #part = null;
  #whole = [0, 1];

  get from() {
    return (this.#part ?? this.#whole)[0];
  }

  get until() {
    return (this.#part ?? this.#whole)[1];
  }

  get isWhole() {
    return this.#part === null;
  }

  /** The whole has become this long. */
  grow(from, until) {
    this.#whole = [from, Math.max(until, from + CLOSEST)];
  }

  all() {
    this.#part = null;
  }

  /** Looks at this part. */
  show(from, until) {
    const [first, last] = this.#whole;
    const length = Math.min(last - first, Math.max(CLOSEST, until - from));
    const begin = Math.max(first, Math.min(last - length, from));
    this.#part = length >= last - first ? null : [begin, begin + length];
  }

  /** Looks at so much: half of it with 0.5, about its middle. */
  zoom(share) {
    const middle = (this.from + this.until) / 2;
    const half = ((this.until - this.from) / 2) * share;
    this.show(middle - half, middle + half);
  }

  /** Looks at what is beside it: half as much on with 0.5. */
  move(share) {
    const by = (this.until - this.from) * share;
    this.show(this.from + by, this.until + by);
  }
}
