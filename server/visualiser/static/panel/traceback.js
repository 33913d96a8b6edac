// A traceback made readable: what went wrong first, then the way there, on which a library's steps stand back.

import { h } from "../app/dom.js";

const FRAME = /^\s+File "/;
const BETWEEN = /^(?:Traceback \(most recent|The above exception|During handling)/;
const POINTER = /^\s*[~^]+\s*$/; // to a part of the line above, which is where it was no more once that is wrapped
const LIBRARY = /site-packages|dist-packages|[/\\]lib[/\\]python\d|<frozen |[/\\]luigi[/\\]/;

/** The line that says what went wrong: the one behind the last step, else the last of the text. */
export function lastWord(text) {
  const lines = text.trimEnd().split("\n");
  const last = lines.findLastIndex((line) => FRAME.test(line));
  const found = lines.slice(last + 1).find((line) => /^\S/.test(line));
  return (found ?? lines.at(-1)).trim();
}

/** The text with each of its lines as what it is. */
export function traceback(text) {
  let kind = "cause";
  const lines = text.trimEnd().split("\n").filter((line) => !POINTER.test(line));
  return h("pre", { class: "traceback", tabindex: 0 }, lines.map((line) => {
    kind = kindOf(line, kind);
    return h("span", { class: kind, style: { "--indent": `${line.search(/\S|$/)}ch` } }, unbroken(line.trim()));
  }));
}

/** A line that is indented belongs to the step before it. */
function kindOf(line, before) {
  if (FRAME.test(line)) return LIBRARY.test(line) ? "library" : "frame";
  if (/^\s/.test(line) && before !== "cause" && before !== "between") return before;
  return BETWEEN.test(line) ? "between" : "cause";
}

/** A path begins on the line on which its step does. */
function unbroken(line) {
  const start = 'File "';
  return line.startsWith(start) ? [h("b", {}, start), line.slice(start.length)] : line;
}
