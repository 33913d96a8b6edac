// An axis of time: where its marks are, and how the moments are told there.

import { h } from "../app/dom.js";

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86400;
const STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE,
  HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 30 * DAY, 90 * DAY, 365 * DAY]; // prettier-ignore

const FINE = new Intl.DateTimeFormat(undefined, { minute: "2-digit", second: "2-digit", fractionalSecondDigits: 1 });
const SECONDS = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });
const MINUTES = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
const DAYS = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });

/** Moments at round times where the reader is, at most `most` of them: `[{at, words}]`. */
export function ticks(from, until, most) {
  const step = STEPS.find((one) => (until - from) / one <= most) ?? STEPS.at(-1);
  const shift = new Date(from * 1000).getTimezoneOffset() * MINUTE;
  const found = [];
  for (let index = Math.ceil((from - shift) / step); index * step + shift <= until; index += 1) {
    const at = index * step + shift;
    found.push({ at, words: words(at, step, shift) });
  }
  return found;
}

/** The marks, each with its line, at their places in an element whose width is the time from the one to the other. */
export function marks(from, until, width) {
  const most = Math.max(2, Math.floor(width / 90));
  return ticks(from, until, most).map(({ at, words }) => {
    const place = (100 * (at - from)) / (until - from);
    return h("span", { class: "tick", style: { left: `${place}%` } }, h("span", {}, words));
  });
}

function words(at, step, shift) {
  const midnight = (at - shift) % DAY === 0;
  const form = midnight || step >= DAY ? DAYS : step >= MINUTE ? MINUTES : step >= 1 ? SECONDS : FINE;
  return form.format(at * 1000);
}
