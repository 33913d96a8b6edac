// A run that is under way, or was until just now, as the scheduler remembers it.

import { step } from "../app/api.js";
import { fill, h } from "../app/dom.js";
import { shortly } from "../app/format.js";
import { refusal } from "./orders.js";
import { all } from "./pages.js";
import { RunCard } from "./run_card.js";
import { Watch } from "./watch.js";

/** A source of `OneRun`, by the id of the run's worker. */
export class LiveRun {
  constructor(app, id) {
    Object.assign(this, { app, id });
    this.card = new RunCard(app, { worker_id: id }, () => this.watching.again());
    this.over = h("p", { class: "notice", hidden: true });
    this.live = h("div", { hidden: true }, refusal(app), this.card.element);
    this.element = h("div", {}, this.over, this.live);
  }

  watch(show) {
    this.watching = new Watch(this.app.live, { ask: (signal) => this.#ask(signal), show: (found) => this.#show(found, show) });
    return this.watching;
  }

  async #ask(signal) {
    const [runs, lately] = await Promise.all([all(this.app.api, "live-runs", "runs", { signal }), this.#lately(signal)]);
    const run = runs.rows.find(({ worker_id: id }) => id === this.id) ?? null;
    const older = run && lately.cut ? await this.#running(signal) : [];
    return { run, lately, older, past: run ? null : await this.#past(signal) };
  }

  /** What runs now, as attempts: the oldest of them are left out of what was lately, where that is cut. */
  async #running(signal) {
    const query = { run: this.id, status: "RUNNING,BATCH_RUNNING", sort: "started", limit: 100 };
    const { tasks } = await this.app.api.get("table", query, signal);
    const mine = tasks.filter(({ worker }) => worker === this.id);
    return mine.map(({ task_id, started, status }) => ({ task_id, started, status, ended: null }));
  }

  #lately(signal) {
    return this.app.api.get(`workers/${step(this.id)}/lately`, {}, signal);
  }

  /** The same run in the history, if one is kept: the page of the newest ones has it, when it is just over. */
  async #past(signal) {
    if (!this.app.server.keeps_history) return null;
    const { runs } = await this.app.api.get("runs", {}, signal);
    return runs.find(({ worker }) => worker === this.id) ?? null;
  }

  #show({ run, lately, older, past }, show) {
    this.live.hidden = !run;
    this.over.hidden = Boolean(run);
    if (run) this.card.show(run);
    else this.#end(past);
    show(drawn(lately, older, run));
  }

  #end(past) {
    const href = past && this.app.router.href({ place: "runs", kept: String(past.run) });
    const link = past && h("a", { href }, `Run ${past.run} of the history`);
    fill(this.over, "This run is over, or wants nothing. ", link ? [link, " has all of it."] : "Below is what is remembered of it.");
  }
}

/** What is to be drawn: from the first that is known; what may be missing is said. */
function drawn({ attempts, since, cut }, older, run) {
  const ends = attempts.map(({ ended }) => ended);
  const until = run || !ends.length || ends.includes(null) ? null : Math.max(...ends);
  const known = attempts.map(({ started }) => started).filter((started) => started !== null);
  const began = run?.began ?? since ?? until ?? Date.now() / 1000;
  const first = cut || !run ? Math.min(...known) : Math.min(Math.max(began, since ?? began), ...known);
  const from = Number.isFinite(first) ? first : began;
  const forgotten = from > began + 1 || cut;
  const told = new Set(attempts.filter(({ ended }) => ended === null).map(({ task_id: id }) => id));
  const all = [...attempts, ...older.filter(({ task_id: id }) => !told.has(id))];
  return { attempts: all, from, until, remark: forgotten && `what ended before ${shortly(from)} is not remembered here` };
}
