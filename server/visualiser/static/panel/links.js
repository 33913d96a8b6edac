// Links from a task: to other tasks, to workers, to pages that its programmer named.

import { h } from "../app/dom.js";
import { workerName } from "../app/format.js";
import { isWeb } from "../app/web.js";
import { long } from "./long.js";

/** A link that shows another task in the panel, and leaves the place beside it as it is. */
export function taskLink(app, id, ...words) {
  const open = (event) => {
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault(); // the place may have changed since the link was made
    app.router.change({ task: id });
  };
  return h("a", { href: app.router.href({ ...app.router.here, task: id }), title: id, onclick: open }, words);
}

/** A link to what a worker does. */
export function workerLink(app, id) {
  return h("a", { href: app.router.href({ place: "runs", run: id }), title: id }, workerName(id));
}

/** A link to another page, if it is one of the web: anything else is a text. */
export function webLink(url, words) {
  if (!isWeb(url)) return h("span", {}, long(url, 80));
  return h("a", { href: url, target: "_blank", rel: "noreferrer noopener", title: url }, words);
}
