// One trigger: when it is due next, how the last run went, and the orders one can give it.

import { LABELS } from "../app/acts.js";
import { fill, h, set } from "../app/dom.js";
import { ahead, duration, moment, number, short, shortly } from "../app/format.js";
import { tellComing } from "./coming.js";
import { orderButton } from "./orders.js";
import { outcome } from "./outcome.js";
import { badge } from "./signs.js";

/** A row of the table of triggers; `show` takes a trigger of the API; `acted` is called after an order. */
export class TriggerRow {
  #badges = h("span", { class: "badges" });
  #next = h("td", { role: "cell", data: { label: "Next" } });
  #last = h("td", { role: "cell", data: { label: "Last run" } });
  #turn;
  #paused = false;

  constructor(app, trigger, acted) {
    const { name } = trigger;
    Object.assign(this, { app, name });
    const act = (verb) => app.acts.act(verb, name).then(acted);
    this.#turn = orderButton(app, "", () => act(this.#paused ? "unpause_trigger" : "pause_trigger"));
    const run = orderButton(app, LABELS.run_trigger, () => act("run_trigger"));
    const coming = h("button", { class: "quiet", onclick: () => tellComing(app, name) }, "What comes");
    const title = h("span", { class: "name", title: short(name, 500) }, short(name));
    this.element = h(
      "tr",
      { role: "row" },
      h("th", { scope: "row", role: "rowheader" }, title, this.#badges),
      h("td", { role: "cell", class: "asked", data: { label: "Starts" } }, started(trigger)),
      this.#next,
      this.#last,
      h("td", { role: "cell", class: "acts" }, run, this.#turn, coming),
    );
  }

  show({ paused, next, waiting, ...last }) {
    this.#paused = paused;
    fill(this.#turn, LABELS[paused ? "unpause_trigger" : "pause_trigger"]);
    fill(this.#badges, paused && badge("paused", "held"), waiting > 0 && badge(`${number(waiting)} waiting`, "busy"));
    set(this.#next, { class: paused ? "figure faint" : "figure" });
    fill(this.#next, next === null ? "never" : h("span", { title: moment(next) }, paused ? "paused" : ahead(next)));
    fill(this.#last, this.#went(last));
  }

  #went({ last_submission: id, last_status: status, last_began: began, last_ended: ended, last_skipped: skipped }) {
    if (!id) return h("span", { class: "faint" }, "not yet");
    const { words, tone } = status ? outcome(status, ended) : { words: "Goes on", tone: "busy" };
    const href = this.app.router.href({ run: id });
    const took = ended === null ? "" : ` · took ${duration(ended - began)}`;
    return [
      h("a", { href, title: id }, h("span", { class: `status ${tone}` }, words)),
      h("span", { class: "faint", title: moment(began) }, ` ${shortly(began)}${took}`),
      skipped !== null && skipped > began && h("span", { class: "faint" }, ` · skipped ${shortly(skipped)}`),
    ];
  }
}

/** The task, and when it is due. */
function started({ module, family, params, when, timezone, queue, labels }) {
  const given = Object.entries(params).map(([name, value]) => `${name}=${value}`);
  const where = [queue && `queue ${queue}`, ...labels].filter(Boolean).join(", ");
  return [
    h("span", { title: short(`${module}:${family}`, 500) }, short(family, 120)),
    given.length > 0 && h("code", { title: short(given.join("\n"), 2_000) }, short(given.join(" "), 300)),
    h("div", { class: "faint" }, `${short(when, 120)} · ${timezone}${where && ` · ${short(where, 80)}`}`),
  ];
}
