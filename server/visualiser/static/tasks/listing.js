// Which list of tasks the URL names: what narrows it, and its order.

import { APPLIES } from "../app/status.js";

const NARROWS = ["status", "family", "search", "run", "resource"];
const UPSTREAM = ["UPSTREAM_FAILED", "UPSTREAM_DISABLED"]; // what some of those that are PENDING wait for

/** Each order that a list can have, and which way it goes unless asked for otherwise. */
const USUAL = {
  changed: "desc",
  name: "asc",
  family: "asc",
  status: "asc",
  priority: "desc",
  started: "desc",
  duration: "desc",
  worker: "asc",
  progress: "desc",
  failures: "desc",
};

/** What the list is narrowed to, as the API takes it; empty for what it is not narrowed by. */
export function whereOf(here) {
  return Object.fromEntries(NARROWS.map((name) => [name, here[name] ?? ""]));
}

/** Whether anything narrows it. */
export function isNarrowed(where) {
  return NARROWS.some((name) => where[name]);
}

/** All that it can be narrowed by, empty: for links to everything. */
export const EVERYTHING = Object.fromEntries(NARROWS.map((name) => [name, ""]));

/** The statuses that are asked for; none for all. */
export function statusesOf(where) {
  return where.status ? where.status.split(",") : [];
}

/** By what it is sorted, and which way. */
export function orderOf(here) {
  const sort = here.sort || "changed";
  return { sort, order: here.order || USUAL[sort] || "asc" };
}

/** The words of the URL after a press on the head of a column: its usual way, or the other one if it is sorted so. */
export function pressed(here, sort) {
  const now = orderOf(here);
  const other = { asc: "desc", desc: "asc" }[now.order];
  const order = now.sort === sort ? other : USUAL[sort];
  return { sort: sort === "changed" ? "" : sort, order: order === USUAL[sort] ? "" : order };
}

/** The part of a list to which an order can apply; null if there is none. */
export function applicable(verb, where) {
  const asked = statusesOf(where);
  const fits = (status) => APPLIES[verb].has(UPSTREAM.includes(status) ? "PENDING" : status);
  const statuses = asked.length ? asked.filter(fits) : [...APPLIES[verb]];
  return statuses.length ? { ...where, status: statuses.join(",") } : null;
}
