// One attempt in a timeline: as long as it took, coloured and marked by how it ended; a link to its task.

import { h, set } from "../app/dom.js";
import { duration, short, shortly } from "../app/format.js";
import { about } from "../app/status.js";

export const LANE = 20; // pixels from one lane to the next

const READABLE = 48; // pixels: on less no name is written

/** `show({bar, sight, now, room, opened})` puts it in its place; `room`: pixels of the whole sight. */
export class Bar {
  #said = "";

  constructor(app, { task_id: id }) {
    Object.assign(this, { app, id });
    this.element = h("a", { draggable: "false", tabindex: -1 });
  }

  show({ bar, sight, now, room, opened }) {
    const { left, width } = placed(bar, sight, now);
    const here = this.app.router.here;
    const words = width * room < READABLE ? "" : this.id.slice(0, 80);
    const said = JSON.stringify([left, width, words, opened, bar, here]);
    if (said === this.#said) return; // there may be thousands of them
    this.#said = said;
    this.element.textContent = words;
    set(this.element, {
      class: look(bar.status),
      "aria-current": opened ? "true" : null,
      "aria-label": told(bar, now).join(", "),
      href: this.app.router.href({ ...here, task: this.id }),
      style: { left: `${100 * left}%`, width: `${100 * width}%`, top: `${bar.lane * LANE}px` },
    });
  }
}

/** From 0 to 1 of what is in sight. */
function placed({ from, ended }, sight, now) {
  const length = sight.until - sight.from;
  const left = Math.max(0, (from - sight.from) / length);
  const right = Math.min(1, ((ended ?? now) - sight.from) / length);
  return { left, width: Math.max(0, right - left) };
}

/** What there is to say of an attempt, in lines. */
export function told({ task_id: id, status, started, from, ended, error = "" }, now) {
  const began = started === null ? "began before what is remembered" : `began ${shortly(started)}`;
  const took = `${ended === null ? "for" : "took"} ${duration((ended ?? now) - from)}`;
  return [short(id), `${word(status)} · ${began} · ${took}`, short(error.trim().split("\n").at(-1))].filter(Boolean);
}

/** What the bars of a status look like. */
export function key(status) {
  return h("span", { class: "key" }, h("span", { class: look(status), "aria-hidden": "true" }), word(status));
}

function look(status) {
  return `bar ${about(status).tone} ${status.toLowerCase()}`;
}

/** An attempt that left its task PENDING gave way to what it found to require, or is tried again. */
function word(status) {
  return status === "PENDING" ? "gave way" : about(status).word.toLowerCase();
}
