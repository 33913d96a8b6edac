// A run that is under way: what it was asked for, by whom, how far it is, how fast, and how long it may take.

import { fill, h, set } from "../app/dom.js";
import { ago, duration, moment, number, short, shortly, workerName } from "../app/format.js";
import { orderButton } from "./orders.js";
import { badge, isSilent } from "./signs.js";
import { rate, soon, speed } from "./speed.js";
import { Stack } from "./stack.js";

const OPEN = "PENDING,RUNNING,BATCH_RUNNING";
const LOST = "FAILED,DISABLED";

/** `show(run)` takes a run of `/live-runs`; `acted` is called after an order. */
export class RunCard {
  #title = h("a", { class: "name" });
  #badges = h("span", { class: "badges" });
  #who = h("span", {});
  #command = h("code", {});
  #facts = h("dl", { class: "facts" });
  #run = null;

  constructor(app, { worker_id: id }, acted) {
    Object.assign(this, { app, id, acted });
    this.stack = new Stack();
    this.retry = orderButton(app, "Retry failed", () => this.#order("retry", LOST));
    this.cancel = orderButton(app, "Cancel what is left", () => this.#order("cancel", OPEN));
    set(this.#title, { href: app.router.href({ place: "runs", run: id }), title: short(id, 500) });
    const head = h("div", { class: "head" }, h("h2", {}, this.#title), this.#badges, h("span", { class: "end" }, this.retry, this.cancel));
    const from = h("p", { class: "faint line" }, this.#who, this.#command);
    const foot = h("div", { class: "foot" }, this.stack.numbers, this.#facts);
    this.element = h("article", { class: "run" }, head, from, this.stack.bar, foot);
  }

  show(run) {
    this.#run = run;
    const { roots, user, command, counts, stopped, enabled, active } = run;
    fill(this.#title, asked(roots) || workerName(this.id));
    fill(this.#badges, !enabled && badge("disabled", "held"), isSilent(active) && badge(`last heard of ${ago(active)}`, "held"));
    fill(this.#who, by(user, this.id));
    fill(this.#command, short(command, 300));
    set(this.#command, { title: command ? short(command, 2_000) : null });
    this.stack.show({ counts, stopped }, (status) => this.app.router.href({ run: this.id, status }));
    this.#tell(run);
    this.#offer();
  }

  #tell({ began, total, ...run }) {
    const now = Date.now() / 1000;
    const { perMinute, left, seconds } = speed({ began, ...run }, now);
    const eta = seconds === null ? (left ? "cannot be told" : "nothing") : `${duration(seconds)}, until about ${soon(now + seconds)}`;
    const facts = [
      ["Tasks", number(total)],
      ["Began", h("span", { title: moment(began) }, shortly(began))],
      ["For", duration(now - began)],
      ["Pace", rate(perMinute)],
      ["Left", eta],
    ];
    fill(this.#facts, facts.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
  }

  #offer() {
    this.retry.hidden = !this.#of(LOST);
    this.cancel.hidden = !this.#of(OPEN);
  }

  #of(statuses) {
    return statuses.split(",").reduce((sum, status) => sum + (this.#run.counts[status] ?? 0), 0);
  }

  #order(verb, status) {
    this.app.acts.act(verb, { where: { run: this.id, status }, total: this.#of(status) }).then(this.acted);
  }
}

/** What a run was asked for: the first of it, and how much more. */
export function asked(roots) {
  return roots.length > 1 ? `${short(roots[0], 120)} and ${number(roots.length - 1)} more` : short(roots[0] ?? "", 120);
}

/** Whose it is, and where it runs. */
export function by(user, worker) {
  return [short(user, 60), workerName(worker)].filter(Boolean).join(" · ");
}
