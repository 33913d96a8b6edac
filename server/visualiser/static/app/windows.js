// The rows of a long list that the page has: windows of it, asked for as they come in sight.

const WINDOW = 100; // rows asked for at once: as many as the API gives
const KEPT = 30; // windows remembered
const AT_ONCE = 2; // questions that are open at a time

/**
 * `fetch(offset, limit, signal)` gives `{tasks, total}`, where fewer than asked for may come. `arrived()` is called
 * when there are new rows, `failed(error)` when there could not be.
 */
export class Windows {
  #known = new Map(); // by the first row's index, the one used last at the end
  #open = new Map();
  #wanted = [];
  #end = new AbortController();

  constructor({ fetch, arrived, failed }) {
    Object.assign(this, { fetch, arrived, failed, total: null });
  }

  /** Whether an answer is waited for. */
  get isAsking() {
    return this.#open.size > 0;
  }

  /** The row at an index, if the page has it. */
  row(index) {
    const start = startOf(index);
    return this.#known.get(start)?.[index - start] ?? null;
  }

  /** Where a task is among the rows that the page has; -1 if it is not. */
  indexOf(taskId) {
    for (const [start, rows] of this.#known) {
      const at = rows.findIndex((row) => row.task_id === taskId);
      if (at >= 0) return start + at;
    }
    return -1;
  }

  /** All rows that the page has. */
  get rows() {
    return [...this.#known.values()].flat();
  }

  /** Rows from `first` to before `last` are in sight: those that are not there yet are asked for, nothing else. */
  want(first, last) {
    const starts = windowsOf(first, last);
    for (const start of starts) this.#touch(start);
    this.#wanted = starts.filter((start) => !this.#known.has(start));
    this.#goOn();
  }

  /** The rows from `first` to before `last`, once they are there. */
  async gather(first, last) {
    const missing = windowsOf(first, last).filter((start) => !this.#known.has(start));
    await Promise.all(missing.map((start) => this.#ask(start)));
    return this.between(first, last);
  }

  /** Those of the rows from `first` to before `last` that the page has. */
  between(first, last) {
    return Array.from({ length: Math.max(0, last - first) }, (_, at) => this.row(first + at)).filter(Boolean);
  }

  /** Asks anew for what is in sight; what is there stays until the answer has come. Not while others are waited for. */
  async refresh(first, last) {
    if (this.isAsking) return;
    const starts = windowsOf(first, Math.max(last, first + 1));
    for (const start of this.#known.keys()) if (!starts.includes(start)) this.#known.delete(start);
    await Promise.all(starts.map((start) => this.#ask(start)));
  }

  /** Another list: nothing of this one is of use, though it stays in sight until the other comes. */
  async replace() {
    this.#stop();
    await this.#ask(0, () => this.#known.clear());
  }

  /** Puts rows in the place of the same ones. */
  update(rows) {
    const changed = new Map(rows.map((row) => [row.task_id, row]));
    for (const [start, known] of this.#known) {
      this.#known.set(start, known.map((row) => changed.get(row.task_id) ?? row));
    }
  }

  /** Takes no more answers to what was asked. */
  #stop() {
    this.#end.abort();
    this.#end = new AbortController();
    this.#open.clear();
    this.#wanted = [];
  }

  #touch(start) {
    const rows = this.#known.get(start);
    if (rows && this.#known.delete(start)) this.#known.set(start, rows);
  }

  #goOn() {
    while (this.#open.size < AT_ONCE) {
      const start = this.#wanted.find((one) => !this.#open.has(one));
      if (start === undefined) return;
      this.#ask(start);
    }
  }

  #ask(start, before = () => {}) {
    if (!this.#open.has(start)) this.#open.set(start, this.#answer(start, this.#end.signal, before));
    return this.#open.get(start);
  }

  async #answer(start, signal, before) {
    try {
      const { rows, total } = await this.#whole(start, signal);
      if (signal.aborted) return;
      before();
      this.#keep(start, rows, total);
    } catch (error) {
      if (signal.aborted) return;
      this.#wanted = [];
      this.failed(error);
    } finally {
      if (!signal.aborted) this.#open.delete(start);
    }
    this.#goOn();
  }

  /** A window of long rows comes in several answers. */
  async #whole(start, signal) {
    const rows = [];
    for (;;) {
      const { tasks, total } = await this.fetch(start + rows.length, WINDOW - rows.length, signal);
      rows.push(...tasks);
      if (!tasks.length || rows.length >= Math.min(WINDOW, total - start)) return { rows, total };
    }
  }

  #keep(start, rows, total) {
    this.#wanted = this.#wanted.filter((one) => one !== start);
    this.#known.set(start, unchanged(this.#known.get(start) ?? [], rows));
    this.total = total;
    while (this.#known.size > KEPT) this.#known.delete(this.#known.keys().next().value);
    this.arrived();
  }
}

/** New rows, but for those that say the same as the one that was there. */
function unchanged(known, rows) {
  return rows.map((row, at) => {
    const before = known[at];
    return before?.version === row.version && JSON.stringify(before) === JSON.stringify(row) ? before : row;
  });
}

function startOf(index) {
  return Math.floor(index / WINDOW) * WINDOW;
}

function windowsOf(first, last) {
  const starts = [];
  for (let start = startOf(first); start < last; start += WINDOW) starts.push(start);
  return starts;
}
