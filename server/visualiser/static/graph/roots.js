// What is being run just now: from there one gets to the graph of a run.

import { h } from "../app/dom.js";
import { short } from "../app/format.js";

const MOST = 6;

/** Links to the graphs of the tasks that runs were started for. */
export async function roots({ api, router }) {
  const { runs } = await api.get("live-runs", { limit: MOST });
  const ids = [...new Set(runs.flatMap((run) => run.roots).filter(Boolean))].slice(0, MOST);
  const links = ids.map((id) => h("a", { href: router.href({ place: "graph", root: id }) }, short(id, 40)));
  return links.length ? [h("span", { class: "faint" }, "Being run:"), links] : [];
}
