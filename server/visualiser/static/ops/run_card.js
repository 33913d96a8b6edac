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
    this.cancel = orderButton(app, "Cancel what is left", () => this.#cancel());
    set(this.#title, { href: app.router.href({ place: "runs", run: id }), title: short(id, 500) });
    const head = h("div", { class: "head" }, h("h2", {}, this.#title), this.#badges, h("span", { class: "end" }, this.retry, this.cancel));
    const from = h("p", { class: "faint line" }, this.#who, this.#command);
    const foot = h("div", { class: "foot" }, this.stack.numbers, this.#facts);
    this.element = h("article", { class: "run" }, head, from, this.stack.bar, foot);
  }

  show(run) {
    this.#run = run;
    const { roots, user, command, counts, stopped, submission } = run;
    fill(this.#title, submission?.name || asked(roots) || workerName(this.id));
    fill(this.#badges, submission ? stateOf(submission) : standing(run));
    fill(this.#who, by(user, this.id));
    fill(this.#command, short(command, 300));
    set(this.#command, { title: command ? short(command, 2_000) : null });
    this.stack.show({ counts, stopped }, (status) => this.app.router.href({ run: this.id, status }));
    this.#tell(run);
    this.#offer();
  }

  #tell({ began, total, submission, ...run }) {
    const now = Date.now() / 1000;
    const { perMinute, left, seconds } = speed({ began, ...run }, now);
    const eta = seconds === null ? (left ? "cannot be told" : "nothing") : `${duration(seconds)}, until about ${soon(now + seconds)}`;
    const facts = [
      ["Tasks", number(total)],
      ...(submission ? [["Asked for", progress(submission)]] : []),
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

  /** A submission is cancelled as a whole: its tasks are free for the next one. */
  #cancel() {
    const { submission } = this.#run;
    if (submission) this.app.acts.act("cancel_submission", submission).then(this.acted);
    else this.#order("cancel", OPEN);
  }

  #order(verb, status) {
    this.app.acts.act(verb, { where: { run: this.id, status }, total: this.#of(status) }).then(this.acted);
  }
}

/** How a worker stands. */
function standing({ enabled, active }) {
  return [!enabled && badge("disabled", "held"), isSilent(active) && badge(`last heard of ${ago(active)}`, "held")];
}

/** What a submission is, and how it ended. */
function stateOf({ kind, status }) {
  return [badge(kind, ""), status && badge(status.toLowerCase().replaceAll("_", " "), status === "SUCCESS" ? "" : "held")];
}

/** How far what was asked for is: "12 of 365 done, 2 failed, 343 held back, 8 at a time". */
function progress({ roots: { total, done, failed, held }, max_active: most }) {
  const words = [`${number(done)} of ${number(total)} done`, failed && `${number(failed)} failed`];
  return [...words, held && `${number(held)} held back, ${number(most)} at a time`].filter(Boolean).join(", ");
}

/** What a run was asked for: the first of it, and how much more. */
export function asked(roots) {
  return roots.length > 1 ? `${short(roots[0], 120)} and ${number(roots.length - 1)} more` : short(roots[0] ?? "", 120);
}

/** Whose it is, and where it runs. */
export function by(user, worker) {
  return [short(user, 60), workerName(worker)].filter(Boolean).join(" · ");
}
