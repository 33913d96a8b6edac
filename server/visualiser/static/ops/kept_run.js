// A run as the history has it.

import { Problem, step } from "../app/api.js";
import { fill, h } from "../app/dom.js";
import { duration, moment, number, short } from "../app/format.js";
import { asked, by } from "./run_card.js";
import { outcome } from "./outcome.js";
import { all } from "./pages.js";
import { Stack } from "./stack.js";
import { Watch } from "./watch.js";

const MOST = 5_000; // attempts
const BETWEEN = 700; // milliseconds between two drawings of what is being read
const SELDOM = 20; // seconds between two looks at one that goes on

/** A source of `OneRun`, by the number of the run in the history. */
export class KeptRun {
  #facts = h("dl", { class: "facts" });
  #stack = new Stack();

  constructor(app, run) {
    Object.assign(this, { app, run });
    this.path = `runs/${step(run)}`;
    const page = h("a", { href: new URL(`history/${this.path}`, app.api.root) }, "Its page in the history");
    this.element = h("div", { class: "run", hidden: true }, this.#stack.bar, this.#stack.numbers, this.#facts, page);
  }

  watch(show) {
    this.watching = new Watch(this.app.live, { ask: (signal) => this.#ask(signal, show), show, least: SELDOM });
    return this.watching;
  }

  async #ask(signal, show) {
    const run = await this.#run(signal);
    this.#tell(run);
    const seen = seldom((attempts) => show(drawn(run, attempts, "older ones are being read")));
    const { rows, more } = await all(this.app.api, `${this.path}/attempts`, "attempts", { most: MOST, signal, seen });
    if (run.ended !== null) this.watching.least = Infinity; // nothing changes any more
    return drawn(run, rows, more && `these are the newest: more than ${number(MOST)} are not shown`);
  }

  async #run(signal) {
    try {
      return await this.app.api.get(this.path, {}, signal);
    } catch (error) {
      if (error.status !== 404 || !this.app.server.keeps_history) throw error;
      throw new Problem(404, { detail: `The history has no run ${this.run}.` });
    }
  }

  #tell({ worker, roots, user, command, code_version: version, began, ended, status, attempts }) {
    const { words, tone } = outcome(status, ended);
    const live = ended === null && h("a", { href: this.app.router.href({ place: "runs", run: worker }) }, "As it stands now");
    const facts = [
      ["Ended", [h("span", { class: `status ${tone}` }, words), live && [" · ", live]]],
      ["Began", moment(began)],
      ["Took", ended === null ? "" : duration(ended - began)],
      ["By", h("span", { title: short(worker, 500) }, by(user, worker))],
      ["Asked for", asked(roots)],
      ["Code version", version],
      ["Command", command && h("code", {}, short(command, 2_000))],
    ];
    const given = facts.filter(([, value]) => value);
    fill(this.#facts, given.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
    this.#stack.show({ counts: attempts });
    this.element.hidden = false;
  }
}

/** Drawing thousands of bars takes its time: not for every page of them. */
function seldom(act) {
  let last = -Infinity;
  return (found) => {
    if (performance.now() - last < BETWEEN) return;
    last = performance.now();
    act(found);
  };
}

function drawn(run, attempts, remark) {
  const known = attempts.map((attempt) => (attempt.ended === null && run.ended !== null ? lost(attempt, run) : attempt));
  const open = known.some(({ ended }) => ended === null);
  const until = run.ended ?? (open ? null : Math.max(run.began, ...known.map(({ ended }) => ended)));
  return { attempts: known, from: run.began, until, remark };
}

/** The run is over: what became of the attempt nobody has said. */
function lost(attempt, run) {
  return { ...attempt, ended: run.ended, status: "UNKNOWN" };
}
