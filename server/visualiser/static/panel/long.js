// Texts of any length: of a very long one its beginning, and the rest when somebody wants it.

import { h } from "../app/dom.js";
import { number } from "../app/format.js";

/** What to show for a text. `most`: characters that are shown at once. */
export function long(text, most = 300) {
  if (text.length <= most) return text;
  const whole = h("span", { tabindex: -1 }, text);
  const unfold = () => {
    begun.replaceWith(whole);
    whole.focus({ preventScroll: true });
  };
  const more = h("button", { class: "plain more", onclick: unfold }, `Show all ${number(text.length)} characters`);
  const begun = h("span", {}, text.slice(0, most), "… ", more);
  return begun;
}
