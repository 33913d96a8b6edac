// What is said where nothing works yet: how to start something.

import { h } from "../app/dom.js";

/** A place without anything: the sentence, and the command for this server. */
export function nothingRuns({ api, who }, sentence) {
  const url = api.root.href.replace(/\/$/, "");
  return h(
    "div",
    { class: "empty", hidden: true },
    h("p", {}, sentence, " Start a run that works with this server:"),
    h("pre", {}, `kernel run my_module:MyTask --scheduler-url ${url}`),
    who.hasSession && h("p", {}, "It shows a worker's token: ", h("code", {}, "LUIGI_SCHEDULER_TOKEN"), " in its environment."),
  );
}
