// The columns of the table of tasks: what each says of a task.

import { h } from "../app/dom.js";
import { ago, briefly, duration, moment, number, short, workerName } from "../app/format.js";
import { about, mark } from "../app/status.js";
import { isWeb } from "../app/web.js";

const LONGEST = 300; // characters of a name or a message that are put into the page
const MINUTE = 60;
const RUNNING = new Set(["RUNNING", "BATCH_RUNNING"]);
const WAITING = new Set(["PENDING", "UNKNOWN"]);

/** All columns. `hrefOf(taskId)`: the link that opens a task. */
export function columns(hrefOf) {
  return [
    { name: "status", label: "Status", sort: "status", width: "7.6rem", cell: status },
    { name: "task", label: "Task", sort: "name", width: "minmax(14rem, 3fr)", cell: (row) => task(row, hrefOf) },
    { name: "priority", label: "Priority", sort: "priority", width: "4.4rem", cell: priority },
    { name: "changed", label: "Changed", sort: "changed", width: "5.7rem", ticks: true, cell: changed },
    { name: "took", label: "Took", sort: "duration", width: "6rem", ticks: true, cell: took },
    { name: "worker", label: "Worker", sort: "worker", width: "6.8rem", cell: worker },
    { name: "progress", label: "Progress", sort: "progress", width: "minmax(9rem, 2fr)", cell: progress },
  ];
}

/** Nothing but the id is known of a task that nobody has declared yet. */
function task(row, hrefOf) {
  const params = Object.entries(row.params).map(([name, value]) => `${name}=${value}`);
  const isKnown = row.name !== row.task_id;
  return h(
    "a",
    { href: hrefOf(row.task_id), tabindex: -1, title: short(row.name, 2_000) },
    h("strong", {}, short(isKnown ? row.family : row.task_id, LONGEST)),
    params.length > 0 && h("span", { class: "faint" }, " ", short(params.join("  "), LONGEST)),
  );
}

function status(row) {
  const { word } = about(row.status);
  return h("span", { title: word }, mark(row.status), h("span", { class: "word" }, word));
}

function priority(row) {
  return h("span", { class: row.priority ? null : "faint", title: number(row.priority) }, briefly(row.priority));
}

function changed(row) {
  return h("time", { title: moment(row.updated), class: "faint" }, roughly(row.updated));
}

function roughly(at) {
  const seconds = Date.now() / 1000 - at;
  return seconds < MINUTE ? ago(at) : ago(at).replace(/ \d+ (s|min|h) ago$/, " ago");
}

/** Of the attempt that runs, or ran last. */
function took(row) {
  if (row.started === null || WAITING.has(row.status)) return "";
  const runs = RUNNING.has(row.status);
  const seconds = (runs ? Date.now() / 1000 : row.updated) - row.started;
  return h("span", { class: runs ? "busy" : null, title: `Started ${moment(row.started)}` }, duration(seconds));
}

function worker(row) {
  return row.worker && h("span", { class: "faint", title: short(row.worker, 2_000) }, workerName(row.worker));
}

function progress(row) {
  const message = (row.status_message ?? "").split("\n", 1)[0];
  return [
    RUNNING.has(row.status) && row.percentage !== null && bar(row.percentage),
    isWeb(row.tracking_url) && trackingLink(row),
    message && h("span", { title: short(row.status_message, 2_000) }, short(message, LONGEST)),
    !message && row.failures > 0 && row.status !== "DONE" && h("span", { class: "faint" }, times(row.failures)),
  ];
}

function bar(percentage) {
  const width = `${Math.round(Math.max(0, Math.min(100, percentage)))}%`;
  return [
    h("span", { class: "progress", "aria-hidden": "true" }, h("span", { style: { width } })),
    h("span", { class: "percent" }, width),
  ];
}

function trackingLink(row) {
  const label = `Where ${short(row.name, 80)} is tracked`;
  const properties = { href: row.tracking_url, target: "_blank", rel: "noreferrer noopener", tabindex: -1 };
  return h("a", { ...properties, "aria-label": label, title: row.tracking_url }, "↗");
}

function times(failures) {
  return failures === 1 ? "failed once" : `failed ${number(failures)} times`;
}
