// A whole log as a file of text.

import { h } from "../app/dom.js";
import { gap, plain } from "./printed.js";

/** Asks for all of an attempt's log, and has the browser save it. */
export async function saveLog(desk, attempt) {
  const parts = [];
  for (let after = 0, more = true; more; ) {
    const { pieces, next, ended, lost } = await desk.log(attempt, after);
    parts.push(lost ? `${gap(lost)}\n` : "", ...pieces.map(({ text }) => text));
    more = !ended && next > after;
    after = next;
  }
  save(`${desk.id.slice(0, 100)}.log`, plain(parts.join("")));
}

function save(name, text) {
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  h("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
