// The place "runs": all of them, or one: of a worker that is here (`run`), or of the history (`kept`).

import { fill, h } from "../app/dom.js";
import { workerName } from "../app/format.js";
import { AllRuns } from "../ops/all_runs.js";
import { KeptRun } from "../ops/kept_run.js";
import { LiveRun } from "../ops/live_run.js";
import { OneRun } from "../ops/one_run.js";

export class Place {
  #view = null;
  #which = null;

  constructor(app) {
    this.app = app;
    this.element = h("section", { class: "place" });
  }

  show(here) {
    const which = JSON.stringify([here.run ?? "", here.kept ?? ""]);
    if (which !== this.#which) {
      this.#view?.hide();
      this.#view = this.#made(here);
      fill(this.element, this.#view.element);
    }
    this.#which = which;
    this.#view.show(here);
  }

  hide() {
    this.#view?.hide();
  }

  #made({ run, kept }) {
    if (run) return new OneRun(this.app, new LiveRun(this.app, run), workerName(run));
    if (kept) return new OneRun(this.app, new KeptRun(this.app, kept), `Run ${kept}`);
    return new AllRuns(this.app);
  }
}
