// Cuts texts to the room that a node has: drawings do not do that by themselves.

const ruler = document.createElement("canvas").getContext("2d");
const LONGEST = 120; // characters that are looked at: no node has room for more

/** As much of the beginning of a text as fits into so many pixels. `font`: as CSS has it, without the family. */
export function beginning(text, width, font) {
  return cut(text, width, font, (size) => `${text.slice(0, size).trimEnd()}…`);
}

/** As much of the end as fits: families are told apart by their last part. */
export function ending(text, width, font) {
  return cut(text, width, font, (size) => `…${text.slice(-size)}`);
}

function cut(text, width, font, shortened) {
  ruler.font = `${font} ${family()}`;
  if (text.length <= LONGEST && ruler.measureText(text).width <= width) return text;
  let [fits, tooLong] = [0, Math.min(text.length, LONGEST)];
  while (tooLong - fits > 1) {
    const size = Math.floor((fits + tooLong) / 2);
    if (ruler.measureText(shortened(size)).width <= width) fits = size;
    else tooLong = size;
  }
  return fits ? shortened(fits) : "…";
}

let known = "";

function family() {
  known ||= getComputedStyle(document.body).fontFamily;
  return known;
}
