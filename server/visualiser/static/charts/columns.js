// Throughput over time: what was done stands up, what failed hangs down; the same in a sentence.

import { fill, h, set, svg } from "../app/dom.js";
import { number, shortly } from "../app/format.js";
import { marks } from "./axis.js";
import { roundUp } from "./scale.js";
import { Tip } from "./tip.js";

const HIGH = 100;
const VISIBLE = 3; // of HIGH: what is not nothing is seen

/** `show({step, until, done, failed})`: counts of steps of so many seconds; drawn as so many a minute. */
export class Columns {
  constructor(label) {
    this.done = svg("path", { class: "done" });
    this.failed = svg("path", { class: "failed" });
    this.base = svg("path", { class: "base", "vector-effect": "non-scaling-stroke" });
    this.drawing = svg("svg", { preserveAspectRatio: "none", "aria-hidden": "true" }, this.done, this.failed, this.base);
    this.axis = h("div", { class: "axis", "aria-hidden": "true" });
    this.most = h("span", { class: "most", "aria-hidden": "true" });
    this.area = h("div", { class: "area" }, this.axis, this.drawing, this.most);
    this.tip = new Tip(this.area);
    this.words = h("figcaption", {});
    this.element = h("figure", { class: "columns", "aria-label": label }, this.words, this.area);
    this.area.addEventListener("pointermove", (event) => this.#point(event));
    this.area.addEventListener("pointerleave", () => this.tip.hide());
    new ResizeObserver(() => this.shown && this.#marks()).observe(this.area);
  }

  show(shown) {
    this.shown = shown;
    const { step, done, failed } = shown;
    const up = roundUp((60 * Math.max(0, ...done)) / step);
    const down = Math.max(0, ...failed) ? Math.max(up / 8, roundUp((60 * Math.max(...failed)) / step)) : 0;
    const unit = HIGH / (up + down);
    const base = up * unit;
    set(this.drawing, { viewBox: `0 0 ${done.length} ${HIGH}` });
    set(this.done, { d: columns(done, (count) => -height(count, step, unit), base) });
    set(this.failed, { d: columns(failed, (count) => height(count, step, unit), base) });
    set(this.base, { d: `M0 ${base}H${done.length}` });
    fill(this.most, done.some(Boolean) && `${number(up)} a minute`);
    fill(this.words, summary(shown));
    this.#marks();
  }

  #marks() {
    const { step, until, done } = this.shown;
    fill(this.axis, marks(until - step * done.length, until, this.area.clientWidth));
  }

  #point({ clientX: x, clientY: y }) {
    if (!this.shown) return;
    const { step, until, done, failed } = this.shown;
    const { left, width } = this.area.getBoundingClientRect();
    const index = Math.max(0, Math.min(done.length - 1, Math.floor(((x - left) / width) * done.length)));
    const from = until - step * (done.length - index);
    this.tip.show([`${shortly(from)}, ${step} s`, `${number(done[index])} done · ${number(failed[index])} failed`], x, y);
  }
}

function height(count, step, unit) {
  return count ? Math.max(VISIBLE, ((60 * count) / step) * unit) : 0;
}

/** All of them in one path: there may be many, and they change together. */
function columns(counts, tall, base) {
  return counts.map((count, index) => (count ? `M${index + 0.1} ${base}v${tall(count).toFixed(2)}h.8V${base}z` : "")).join("");
}

function perMinute(count, step) {
  return number(Math.round((60 * count) / step));
}

/** "1,234 done, 5 failed · 20.6 done a minute · most at 14:03:00: 40" */
function summary({ step, until, done, failed }) {
  const sum = (counts) => counts.reduce((one, other) => one + other, 0);
  const all = sum(done);
  if (!all && !sum(failed)) return "Nothing has ended in this time.";
  const first = [...done.keys()].find((index) => done[index] || failed[index]);
  const pace = (all * 60) / (step * (done.length - first));
  const most = done.indexOf(Math.max(...done));
  const peak = all > 0 && `most at ${shortly(until - step * (done.length - most))}: ${perMinute(done[most], step)}`;
  const words = `${number(all)} done, ${number(sum(failed))} failed`;
  return [words, all > 0 && `${number(Math.round(pace * 10) / 10)} done a minute`, peak].filter(Boolean).join(" · ");
}
