// The attempts of a run over time: a lane for each that ran at the same time, to be looked at as closely as one likes.

import { fill, h } from "../app/dom.js";
import { shortly } from "../app/format.js";
import { Kept } from "../ops/kept.js";
import { marks } from "./axis.js";
import { Bar, key, LANE, told } from "./bar.js";
import { dragged } from "./drag.js";
import { packed } from "./lanes.js";
import { Sight } from "./scale.js";
import { Tip } from "./tip.js";
import { walk } from "./walk.js";

const ZOOMS = { "+": 0.5, "-": 2 };

/** `show({attempts, from, until, since})`; `until`: null as long as it goes on. */
export class Timeline {
  #sight = new Sight();
  #all = { bars: [], lanes: 0 };
  #now = 0;
  #shown = new Map();
  #opened = "";

  constructor(app) {
    this.bars = h("div", { class: "bars" });
    this.kept = new Kept(this.bars, { key: ({ bar }) => `${bar.started} ${bar.task_id}`, make: ({ bar }) => new Bar(app, bar) });
    this.axis = h("div", { class: "axis", "aria-hidden": "true" });
    this.chosen = h("div", { class: "chosen", hidden: true });
    this.area = h("div", { class: "area", role: "group", "aria-label": "Attempts over time" }, this.axis, this.bars, this.chosen);
    this.tip = new Tip(this.area);
    this.words = h("span", { class: "faint", role: "status" });
    this.legend = h("span", { class: "legend end" });
    this.element = h("div", { class: "timeline" }, this.#tools(), h("div", { class: "lanes" }, this.area));
    this.#listen();
    new ResizeObserver(() => this.#draw()).observe(this.area);
  }

  show({ attempts, from, until, since }) {
    this.#now = until ?? Date.now() / 1000;
    this.#all = packed(attempts, since ?? from);
    this.#sight.grow(from, this.#now);
    this.#draw();
  }

  /** Marks the bars of the task that is open. */
  mark(taskId) {
    this.#opened = taskId;
    this.#draw();
  }

  #tools() {
    const tool = (label, title, act) =>
      h("button", { class: "quiet", "aria-label": title, title, onclick: () => this.#look(act) }, label);
    return h(
      "div",
      { class: "toolbar" },
      tool("−", "Look from farther away", () => this.#sight.zoom(2)),
      tool("+", "Look closer", () => this.#sight.zoom(0.5)),
      tool("◂", "Earlier", () => this.#sight.move(-0.5)),
      tool("▸", "Later", () => this.#sight.move(0.5)),
      tool("All", "Look at all of it", () => this.#sight.all()),
      this.words,
      this.legend,
    );
  }

  #listen() {
    dragged(this.area, this.chosen, (left, right) => {
      const { from, until } = this.#sight;
      this.#look(() => this.#sight.show(from + left * (until - from), from + right * (until - from)));
    });
    this.area.addEventListener("keydown", (event) => this.#key(event));
    this.area.addEventListener("pointermove", (event) => this.#point(event.target, event.clientX, event.clientY));
    this.area.addEventListener("pointerleave", () => this.tip.hide());
    this.area.addEventListener("focusout", () => this.tip.hide());
    this.area.addEventListener("focusin", ({ target }) => {
      const { left, bottom } = target.getBoundingClientRect();
      this.#point(target, left, bottom);
    });
  }

  #key(event) {
    if (event.key in ZOOMS) this.#look(() => this.#sight.zoom(ZOOMS[event.key]));
    else if (event.key === "0") this.#look(() => this.#sight.all());
    else if (!walk(this.bars, event.key)) return;
    event.preventDefault();
  }

  #look(act) {
    act();
    this.#draw();
  }

  #point(target, x, y) {
    const bar = this.#shown.get(target);
    if (bar) this.tip.show(told(bar, this.#now), x, y);
    else this.tip.hide();
  }

  #draw() {
    if (!this.element.isConnected) return;
    const sight = this.#sight;
    const { from, until } = sight;
    const now = this.#now;
    const room = this.area.clientWidth;
    const seen = this.#all.bars.filter((bar) => bar.from <= until && (bar.ended ?? now) >= from);
    this.kept.show(seen.map((bar) => ({ bar, sight, now, room, opened: bar.task_id === this.#opened })));
    this.#shown = new Map([...this.bars.children].map((element, index) => [element, seen[index]]));
    if (!this.bars.querySelector("[tabindex='0']")) this.bars.firstElementChild?.setAttribute("tabindex", "0");
    this.bars.style.height = `${Math.max(1, this.#all.lanes) * LANE}px`;
    fill(this.axis, marks(from, until, room));
    fill(this.legend, [...new Set(this.#all.bars.map(({ status }) => status))].map(key));
    fill(this.words, sight.isWhole ? "Drag to look closer." : `${shortly(from)} to ${shortly(until)}`);
  }
}
