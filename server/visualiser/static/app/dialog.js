// Asks once before something is done, and for what it takes: a number, a text.

import { fill, h } from "./dom.js";

/**
 * Asks in a dialog. `input`: `{label, type: "number"|"text"|"area", value, least}` for what has to be given.
 * Resolves to null when it is put off, else to what was given: a text, or true where nothing is.
 */
export function ask({ title, text = "", yes, grave = false, input = null }) {
  const field = input && made(input);
  const dialog = h("dialog", { class: "ask", "aria-labelledby": "ask-title" });
  const form = h(
    "form",
    { method: "dialog" },
    h("h2", { id: "ask-title" }, title),
    text && h("p", {}, text),
    field && h("label", {}, input.label, field),
    h(
      "div",
      { class: "buttons" },
      h("button", { value: "", type: "button", onclick: () => dialog.close("") }, "Not now"),
      h("button", { value: "yes", class: grave ? "grave" : "main" }, yes),
    ),
  );
  fill(dialog, form);
  document.body.append(dialog);
  dialog.showModal();
  (field ?? form.querySelector("button[value=yes]")).focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes" ? (field ? field.value : true) : null);
    });
  });
}

/** Shows something until it is closed. */
export function tell(title, ...content) {
  const dialog = h("dialog", { class: "tell", "aria-labelledby": "tell-title" });
  const close = h("form", { method: "dialog", class: "buttons" }, h("button", {}, "Close"));
  fill(dialog, h("h2", { id: "tell-title" }, title), content, close);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function made({ type, value = "", least }) {
  if (type === "area") return h("textarea", { rows: 4, required: true });
  return h("input", { type, value, min: least, step: type === "number" ? 1 : null, required: true });
}
