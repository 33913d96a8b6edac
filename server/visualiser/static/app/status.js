// How a task may stand: the word, the colour and the shape for it. The shape says it without the colour.

import { svg } from "./dom.js";

/** Every status and upstream state, in the order in which cards and legends have them. */
export const STATUSES = {
  RUNNING: { word: "Running", tone: "busy", path: "M4 2.5v11l9-5.5z", solid: true },
  BATCH_RUNNING: { word: "Batch running", tone: "busy", path: "M2 3v10l6-5zM8 3v10l6-5z", solid: true },
  PENDING: { word: "Pending", tone: "calm", path: "M8 2.5a5.5 5.5 0 1 1 0 11a5.5 5.5 0 1 1 0-11zM8 5v3.2l2.4 1.6" },
  FAILED: { word: "Failed", tone: "bad", path: "M3 3l10 10M13 3L3 13", heavy: true },
  UPSTREAM_FAILED: { word: "Upstream failed", tone: "held", path: "M8 2l6.5 11.5h-13zM8 6.5v3M8 11.4v.4" },
  DISABLED: { word: "Disabled", tone: "held", path: "M8 2a6 6 0 1 1 0 12a6 6 0 1 1 0-12zM4.5 8h7", heavy: true },
  UPSTREAM_DISABLED: { word: "Upstream disabled", tone: "held", path: "M2.5 2.5h11v11h-11zM5 8h6" },
  DONE: { word: "Done", tone: "good", path: "M2.5 8.5l3.7 3.8L13.5 4", heavy: true },
  UNKNOWN: { word: "Unknown", tone: "calm", path: "M5.5 6a2.5 2.5 0 1 1 3.6 2.3Q8 9 8 10.2M8 13v.3" },
};

/** What those of a task in another state are: nothing that the server says is refused for being new. */
export function about(status) {
  return STATUSES[status] ?? { word: status, tone: "calm", path: STATUSES.UNKNOWN.path };
}

/** The shape of a status. `labelled`: whether it stands without the word, and has to say it. */
export function mark(status, { labelled = false } = {}) {
  const { word, tone, path, solid, heavy } = about(status);
  const role = labelled ? { role: "img", "aria-label": word } : { "aria-hidden": "true" };
  return svg(
    "svg",
    { class: `mark ${tone}`, viewBox: "0 0 16 16", ...role },
    labelled && svg("title", {}, word),
    svg("path", { d: path, class: `${solid ? "solid" : "open"}${heavy ? " heavy" : ""}` }),
  );
}

/** Whether the order of that name can apply to a task that stands so: what buttons are offered. */
export const APPLIES = {
  retry: new Set(["FAILED", "DISABLED"]),
  forgive: new Set(["FAILED"]),
  re_enable: new Set(["DISABLED"]),
  mark_done: new Set(["RUNNING", "FAILED", "DISABLED"]),
  cancel: new Set(["PENDING", "RUNNING", "BATCH_RUNNING", "FAILED", "UNKNOWN"]),
};
