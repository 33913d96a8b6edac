// The elements of a table: its frame, the heads of its columns, its rows.

import { h } from "./dom.js";

const ARROWS = { asc: "↑", desc: "↓" };
const SORTED = { asc: "ascending", desc: "descending" };
const LONGEST_NAME = 80; // characters of a name that are read aloud

/** What is there before any row: `{element, heads, spacer, body, all}`. `columns` as in `VirtualTable`. */
export function frame({ columns, label, rowHeight }) {
  const all = h("input", { type: "checkbox", "aria-label": "Select the rows in sight" });
  const line = h("div", { class: "row", role: "row", "aria-rowindex": 1 });
  const head = h("div", { class: "head", role: "rowgroup" }, line);
  const body = h("div", { class: "rows", role: "rowgroup" });
  const spacer = h("div", { class: "spacer", role: "none" }, body);
  const widths = columns.map(({ width }) => width ?? "minmax(8rem, 1fr)").join(" ");
  const style = { "--columns": `2.1rem ${widths}`, "--row": `${rowHeight}px` };
  const aria = { role: "grid", tabindex: 0, "aria-label": label, "aria-multiselectable": "true" };
  return { element: h("div", { class: "scroller", ...aria, style }, head, spacer), head, line, spacer, body, all };
}

/** The heads of the columns, `all` being the box before them. `press(column)`: to sort by it. */
export function heads(columns, all, { sort, order }, press) {
  return [cell("pick", "columnheader", all), columns.map((column) => columnHead(column, sort, order, press))];
}

/** A row. `place`: its attributes by where it is; `look`: whether it is `picked`, `opened`, `active`. */
export function line(columns, row, place, look) {
  const box = h("input", { type: "checkbox", tabindex: -1, "aria-label": `Select ${row.name.slice(0, LONGEST_NAME)}` });
  box.checked = look.picked;
  const classes = ["row", ...Object.keys(look).filter((name) => look[name])].join(" ");
  return h(
    "div",
    { ...place, class: classes, "aria-selected": String(look.picked), data: { id: row.task_id } },
    cell("pick", "gridcell", h("label", {}, box)),
    columns.map((column) => cell(column.name, "gridcell", column.cell(row))),
  );
}

/** A row that is asked for. */
export function waiting(place) {
  return h("div", { ...place, class: "row waiting" }, cell("nothing", "gridcell", "…"));
}

function columnHead(column, sort, order, press) {
  if (!column.sort) return cell(column.name, "columnheader", column.label);
  const here = column.sort === sort;
  const arrow = here && h("span", { "aria-hidden": "true" }, ` ${ARROWS[order]}`);
  const button = h("button", { class: "plain", onclick: () => press(column) }, column.label, arrow);
  return h(
    "div",
    { class: `cell of-${column.name}`, role: "columnheader", "aria-sort": here ? SORTED[order] : "none" },
    button,
  );
}

function cell(name, role, ...content) {
  return h("div", { class: `cell of-${name}`, role }, content);
}
