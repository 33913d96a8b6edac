// What keys do in the list of tasks.

/** Adds them. They act while `place`, which has the `table` and the line of the `chosen`, is shown. */
export function keys(keyboard, place) {
  const { table, chosen } = place;
  const add = (key, words, act) => keyboard.add(key, words, () => place.isShown && act());
  add("j", "Tasks: next row, as ↓; Enter opens it", () => table.move(1));
  add("k", "Tasks: previous row, as ↑", () => table.move(-1));
  add("x", "Tasks: select the row, as the space bar; with Shift, arrows select what they pass", () => table.toggle());
  add("r", "Tasks: retry what is selected, or the row", () => chosen.act("retry"));
}
