// A table of any length: rows are asked for as they come in sight, moved over with the keys, chosen, opened.

import { fill, set } from "./dom.js";
import { frame, heads, line, waiting } from "./grid.js";
import { Rolling } from "./rolling.js";
import { Selection } from "./selection.js";
import { Windows } from "./windows.js";

let tables = 0;

/**
 * `columns`: `[{name, label, sort, width, ticks, cell(row) → content}]`: with `sort`, its head is a button; with
 * `ticks`, what it says changes with time. `fetch(offset, limit, signal)` gives `{tasks, total}`. Rows are known by
 * `task_id` and have a `name`. Events: `open` (a row), `sort` (a column), `selected`, `arrived`, `failed` (an error).
 */
export class VirtualTable extends EventTarget {
  #active = { index: -1, taskId: "" };
  #anchor = "";
  #opened = "";
  #prefix = `table-${(tables += 1)}`;

  constructor({ columns, fetch, label, rowHeight = 30 }) {
    super();
    this.columns = columns;
    this.selection = new Selection(() => this.#chosen());
    const failed = (error) => this.#tell("failed", error);
    this.windows = new Windows({ fetch, arrived: () => this.#arrived(), failed });
    const { element, head, line: columnHeads, spacer, body, all } = frame({ columns, label, rowHeight });
    Object.assign(this, { element, columnHeads, body, all });
    const [row, shown] = [(index) => this.#row(index), (sight) => this.#shown(sight)];
    this.rolling = new Rolling({ scroller: element, spacer, body, head, rowHeight, row, shown });
    this.#listen();
    this.sorted("", "");
  }

  /** How many rows there are; null as long as nobody has said. */
  get total() {
    return this.windows.total;
  }

  /** Whether rows are asked for. */
  get isAsking() {
    return this.windows.isAsking;
  }

  /** The row in which the keyboard stands. */
  get active() {
    return this.windows.row(this.#active.index);
  }

  /** Shows by which column the rows are sorted: `order` is asc or desc. */
  sorted(sort, order) {
    fill(this.columnHeads, heads(this.columns, this.all, { sort, order }, (column) => this.#tell("sort", column)));
  }

  /** Shows another list, from its beginning; a keyboard's row that there was is its first one. */
  async replace() {
    this.selection.clear();
    this.#active = { index: Math.min(0, this.#active.index), taskId: "" };
    this.rolling.scrollTo(0);
    await this.windows.replace();
  }

  /** Asks anew for what is in sight, after changes. */
  async refresh() {
    const { first, last } = this.rolling.sight;
    await this.windows.refresh(first, last);
  }

  /** Puts rows that changed in the place of the same ones; `gone`: ids of those that are no more. */
  update(rows, gone = []) {
    this.windows.update(rows);
    this.selection.update(rows, gone);
    this.draw();
  }

  /** Says anew what changes with time. */
  tick() {
    const columns = this.columns.filter((column) => column.ticks);
    this.rolling.each((element, index) => {
      const row = this.windows.row(index);
      for (const column of row ? columns : []) fill(element.querySelector(`.of-${column.name}`), column.cell(row));
    });
  }

  /** Marks the row of the task that is open beside the table. */
  mark(taskId) {
    this.#opened = taskId;
    this.draw();
  }

  /** Is in the page again, as it was. */
  restore() {
    this.rolling.restore();
  }

  draw() {
    this.rolling.draw(this.total ?? 0);
  }

  /** Moves the keyboard's row, and has the table hear the keys. `choose`: what is passed is chosen. */
  move(by, { choose = false } = {}) {
    if (!this.total) return;
    const from = this.#active.index < 0 ? this.rolling.uppermost - Math.sign(by) : this.#active.index;
    const before = this.active;
    this.#activate(Math.max(0, Math.min(this.total - 1, from + by)));
    this.rolling.reveal(this.#active.index);
    if (choose) this.selection.add([before, this.active].filter(Boolean));
    this.draw();
    this.#listenToKeys();
  }

  /** Chooses the keyboard's row, or no longer. */
  toggle() {
    if (this.active) this.#pick(this.active);
  }

  #listen() {
    this.element.addEventListener("keydown", (event) => this.#key(event));
    this.all.addEventListener("click", () => this.#pickSeen());
    this.body.addEventListener("click", (event) => this.#clicked(event));
    const keepText = (event) => event.shiftKey && event.preventDefault(); // rows are chosen, not their text
    this.body.addEventListener("mousedown", keepText);
  }

  #listenToKeys() {
    this.element.focus({ preventScroll: true });
  }

  #row(index) {
    const row = this.windows.row(index);
    const place = { id: `${this.#prefix}-${index}`, role: "row", "aria-rowindex": index + 2 };
    if (!row) return { state: [null], make: () => waiting(place) };
    const [picked, opened] = [this.selection.has(row.task_id), row.task_id === this.#opened];
    const active = index === this.#active.index;
    const make = () => line(this.columns, row, place, { picked, opened, active });
    return { state: [row, picked, opened, active], make };
  }

  /** Says to those who listen how long the list is and which row the keyboard is in. */
  #shown({ first, last }) {
    const { index } = this.#active;
    const there = index >= first && index < last;
    const pointed = there ? `${this.#prefix}-${index}` : null;
    set(this.element, { "aria-rowcount": (this.total ?? 0) + 1, "aria-activedescendant": pointed });
    this.windows.want(first, last);
  }

  #key(event) {
    if (event.target !== this.element || event.ctrlKey || event.metaKey || event.altKey) return;
    const { page } = this.rolling;
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    if (event.key in steps) this.move(steps[event.key], { choose: event.shiftKey });
    else if (event.key === "Enter" && this.active) this.#tell("open", this.active);
    else if (event.key === " ") this.toggle();
    else return;
    event.preventDefault();
  }

  async #clicked(event) {
    const index = this.windows.indexOf(event.target.closest(".row").dataset.id);
    if (index < 0 || event.target.matches(".of-pick label")) return; // its box is clicked in a moment
    this.#listenToKeys();
    this.#activate(index);
    const row = this.active;
    const isBox = event.target.matches("input");
    const isOther = event.target.closest("a, button") || !window.getSelection().isCollapsed;
    if (isBox || event.shiftKey) this.#pick(row, event.shiftKey);
    else if (!isOther) this.#tell("open", row);
    if (isBox) event.target.checked = this.selection.has(row.task_id);
    this.draw();
  }

  async #pick(row, range = false) {
    const from = range ? this.windows.indexOf(this.#anchor) : -1;
    const to = this.windows.indexOf(row.task_id);
    this.#anchor = row.task_id;
    if (from < 0) this.selection.toggle(row, this.windows.rows);
    else this.selection.add(await this.windows.gather(Math.min(from, to), Math.max(from, to) + 1));
  }

  #pickSeen() {
    const { first, last } = this.rolling.sight;
    if (this.selection.isEmpty) this.selection.add(this.windows.between(first, last));
    else this.selection.clear();
  }

  #activate(index) {
    this.#active = { index, taskId: this.windows.row(index)?.task_id ?? "" };
  }

  /** The keyboard stays with its task, wherever that is now. */
  #arrived() {
    const { index, taskId } = this.#active;
    const found = taskId ? this.windows.indexOf(taskId) : -1;
    if (index >= 0) this.#activate(Math.min(found < 0 ? index : found, this.total - 1));
    this.draw();
    this.#tell("arrived");
  }

  #chosen() {
    this.all.checked = !this.selection.isEmpty;
    this.all.indeterminate = this.all.checked && !this.selection.everything;
    this.draw();
    this.#tell("selected");
  }

  #tell(kind, detail = null) {
    this.dispatchEvent(new CustomEvent(kind, { detail }));
  }
}
