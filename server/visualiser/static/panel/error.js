// What the task said when it failed last.

import { h } from "../app/dom.js";
import { number } from "../app/format.js";
import { copyButton } from "./copying.js";
import { long } from "./long.js";
import { Section } from "./section.js";
import { lastWord, traceback } from "./traceback.js";

export class LastError extends Section {
  constructor(desk) {
    super(desk, { name: "error", title: "Error" });
  }

  applies({ explanation }) {
    return Boolean(explanation?.trim());
  }

  note({ status }) {
    return status === "FAILED" || status === "DISABLED" ? "" : "of an earlier attempt";
  }

  ask({ explanation }) {
    return explanation;
  }

  draw(text) {
    return errorOf(text);
  }
}

/** An error: its last word, and all of it. */
export function errorOf(text) {
  const count = text.trimEnd().split("\n").length;
  const word = h("div", { class: "beside" }, h("p", { class: "last-word" }, long(lastWord(text), 600)), copyButton("Copy", () => text));
  if (count === 1) return word;
  const whole = h("details", { open: count <= 40 }, h("summary", {}, `All ${number(count)} lines`), traceback(text));
  return [word, whole];
}
