// Numbers, times and durations as people read them.

const WHOLE = new Intl.NumberFormat("en-GB");
const BRIEF = new Intl.NumberFormat("en-GB", { notation: "compact", maximumFractionDigits: 0 });
const FEW = 10_000; // numbers below are short enough as they are
const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const MOMENT = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const CLOCK = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });

/** 12345 as 12,345. */
export function number(value) {
  return WHOLE.format(value);
}

/** 12345 as 12k, where there is little room. */
export function briefly(value) {
  return Math.abs(value) < FEW ? number(value) : BRIEF.format(value);
}

/** "1 task", "3 tasks". */
export function many(count, noun, nouns = `${noun}s`) {
  return `${number(count)} ${count === 1 ? noun : nouns}`;
}

/** Seconds as 0.4 s, 12 s, 3 min 20 s, 2 h 5 min, 3 d 4 h. */
export function duration(seconds) {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return "";
  if (seconds < 0) return "0 s";
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  if (whole < 86400) return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
  return `${Math.floor(whole / 86400)} d ${Math.floor((whole % 86400) / 3600)} h`;
}

/** Seconds since the epoch as day and time, where the reader is. */
export function moment(at) {
  return MOMENT.format(at * 1000);
}

/** The time alone for today, otherwise the day too. */
export function shortly(at) {
  const then = new Date(at * 1000);
  return DAY.format(then) === DAY.format(new Date()) ? CLOCK.format(then) : MOMENT.format(then);
}

/** How long ago: "12 s ago". */
export function ago(at) {
  return `${duration(Math.max(0, Date.now() / 1000 - at)).replace(/\.\d/, "")} ago`;
}

/** How long until then: "in 12 s"; "now" for what should have been. */
export function ahead(at) {
  const seconds = at - Date.now() / 1000;
  return seconds < 1 ? "now" : `in ${duration(seconds).replace(/\.\d/, "")}`;
}

/** What workers are called in few words: "demo · 42", by the host and process in their ids, where those are there. */
export function workerName(id) {
  const [, host] = /\bhost=([^,)]*)/.exec(id) ?? [];
  const [, pid] = /\bpid=(\d+)/.exec(id) ?? [];
  return short(host && pid ? `${host} · ${pid}` : id, 40);
}

/** The beginning of a text that is too long for where it stands. */
export function short(text, longest = 200) {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
