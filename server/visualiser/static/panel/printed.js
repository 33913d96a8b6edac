// What tasks print as text: terminals' colours and movements are not for a page.

import { number } from "../app/format.js";

const SEQUENCES = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -/]*[0-~])/g;
const UNSEEN = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/g;

/** The text without control sequences. */
export function plain(text) {
  return text.replace(SEQUENCES, "").replace(/\r+\n/g, "\n").replace(UNSEEN, "");
}

/** A line as a terminal shows it in the end: what stands behind the last return to its beginning. */
export function asShown(line) {
  const parts = plain(line).split("\r").filter(Boolean);
  return parts.at(-1) ?? "";
}

/** What stands where output was too much to be kept. */
export function gap(bytes) {
  return `… about ${number(bytes)} bytes are missing here …`;
}
