// How fast a run is, and how long what is left of it takes at that.

const CLOCK = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

const SOON = 3; // seconds of life before which nobody can tell
const LEFT = ["PENDING", "RUNNING", "BATCH_RUNNING"];

/** `{perMinute, left, seconds}` of a live run; null for what cannot be told. What was complete before it came is no merit. */
export function speed({ began, counts, finished = counts.DONE ?? 0, stopped = {} }, now) {
  const life = now - began;
  const waits = Object.values(stopped).reduce((sum, count) => sum + count, 0);
  const left = Math.max(0, LEFT.reduce((sum, status) => sum + (counts[status] ?? 0), 0) - waits);
  const perMinute = life < SOON ? null : (60 * finished) / life;
  return { perMinute, left, seconds: left && perMinute ? (60 * left) / perMinute : null };
}

/** A moment to come, as precisely as an estimate is. */
export function soon(at) {
  return new Date(at * 1000).toDateString() === new Date().toDateString() ? CLOCK.format(at * 1000) : DAY.format(at * 1000);
}

/** Tasks a minute, as precisely as makes sense. */
export function rate(perMinute) {
  if (perMinute === null) return "not known yet";
  const digits = perMinute >= 10 ? 0 : 1;
  return `${perMinute.toLocaleString("en-GB", { maximumFractionDigits: digits })} a minute`;
}
