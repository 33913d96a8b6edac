// What stands where there are no tasks: why not, and what one can do about it.

import { h } from "../app/dom.js";
import { EVERYTHING, isNarrowed } from "./listing.js";

/** Of a list that has nothing. */
export function empty(app, where) {
  return isNarrowed(where) ? nothingMatches(app) : nothingYet(app);
}

/** Of a list that the server does not give. */
export function refused(app, error) {
  return h(
    "div",
    { class: "empty" },
    h("p", {}, `This list cannot be shown: ${error.message}`),
    error.hint && h("p", {}, error.hint),
    h("p", {}, allTasks(app)),
  );
}

function nothingMatches(app) {
  return h("div", { class: "empty" }, h("p", {}, "Nothing matches."), h("p", {}, allTasks(app)));
}

function allTasks(app) {
  return h("a", { href: app.router.href({ ...app.router.here, ...EVERYTHING }) }, "Show all tasks");
}

function nothingYet({ api, who }) {
  const export_ = "export LUIGI_SCHEDULER_TOKEN=luigi_…  # a token for workers\n";
  const command = `kernel run pipeline:Report --scheduler-url ${api.root}`;
  return h(
    "div",
    { class: "empty" },
    h("h2", {}, "No tasks yet"),
    h("p", {}, "Tasks appear as soon as a run asks this server what to do. Start one:"),
    h("pre", {}, who.hasSession && export_, command),
    h("p", {}, "Here Report is a task in pipeline.py; write your own. Luigi's command works as well."),
  );
}
