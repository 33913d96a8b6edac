// A button that copies a text.

import { h } from "../app/dom.js";

const SAID = 1_500; // milliseconds for which the button says what came of it

/** `text()` gives what is to be copied. */
export function copyButton(label, text) {
  const button = h("button", { class: "plain copy", onclick: () => pressed() }, label);
  async function pressed() {
    button.textContent = (await copied(text())) ? "Copied" : "Not copied";
    setTimeout(() => (button.textContent = label), SAID);
  }
  return button;
}

/** Browsers give pages without TLS no clipboard, but let them copy what is selected. */
async function copied(text) {
  if (!navigator.clipboard) return selectedAndCopied(text);
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return selectedAndCopied(text); // the reader has not allowed it
  }
}

function selectedAndCopied(text) {
  const before = document.activeElement;
  const field = h("textarea", { class: "unseen", "aria-hidden": "true", tabindex: -1 });
  field.value = text;
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  before?.focus();
  return done;
}
