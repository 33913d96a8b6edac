// Which rows of a list are chosen: some of them, or all that the list has, whether or not the page knows them.

const MOST = 1000; // that one order may name

/** Rows by their `task_id`. After each change, `changed()` is called. */
export class Selection {
  #rows = new Map();
  #everything = false;

  constructor(changed) {
    this.changed = changed;
  }

  /** Whether all rows of the list are meant. */
  get everything() {
    return this.#everything;
  }

  /** The rows, as last known; of everything, none is named. */
  get rows() {
    return [...this.#rows.values()];
  }

  /** Whether nothing is chosen. */
  get isEmpty() {
    return !this.#everything && !this.#rows.size;
  }

  has(taskId) {
    return this.#everything || this.#rows.has(taskId);
  }

  /** Whether no more can be chosen one by one. */
  get isFull() {
    return this.#rows.size >= MOST;
  }

  /** Chooses these too, as far as one order may name them. */
  add(rows) {
    for (const row of rows) if (!this.isFull) this.#rows.set(row.task_id, row);
    this.changed();
  }

  /** Chooses one, or no longer. `others`: what stays chosen, where everything was. */
  toggle(row, others) {
    if (this.#everything) {
      this.#everything = false;
      for (const other of others.slice(0, MOST)) this.#rows.set(other.task_id, other);
    }
    if (this.#rows.delete(row.task_id)) this.changed();
    else this.add([row]);
  }

  /** Chooses all that the list has. */
  all() {
    this.#rows.clear();
    this.#everything = true;
    this.changed();
  }

  clear() {
    if (this.isEmpty) return;
    this.#rows.clear();
    this.#everything = false;
    this.changed();
  }

  /** Takes note of rows that changed, and of ids that are gone. */
  update(rows, gone) {
    const ours = rows.filter((row) => this.#rows.has(row.task_id));
    for (const row of ours) this.#rows.set(row.task_id, row);
    const left = gone.filter((taskId) => this.#rows.delete(taskId));
    if (ours.length || left.length) this.changed();
  }
}
