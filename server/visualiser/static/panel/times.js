// Times that go on: told as how long ago, or how long already, and told anew while they are looked at.

import { h } from "../app/dom.js";
import { ago, duration, moment } from "../app/format.js";

/** How long ago a moment was; when that was exactly is its title. Seconds since the epoch. */
export function since(at) {
  return time(at, "ago", ago(at));
}

/** How long something has been going on. */
export function lasting(from) {
  return time(from, "lasting", lasted(from));
}

/** Tells all the times in an element anew. */
export function retell(element) {
  for (const one of element.querySelectorAll("time.ago")) one.textContent = ago(Number(one.dataset.at));
  for (const one of element.querySelectorAll("time.lasting")) one.textContent = lasted(Number(one.dataset.at));
}

function time(at, kind, words) {
  const exact = new Date(at * 1000).toISOString();
  return h("time", { class: kind, datetime: exact, title: moment(at), data: { at } }, words);
}

function lasted(from) {
  return duration(Math.max(0, Date.now() / 1000 - from)).replace(/\.\d/, "");
}
