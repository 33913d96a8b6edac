// Dragging over a chart chooses a part of its width.

const LEAST = 5; // pixels: less is a click

/** `chosen` shows what is being chosen; `choose(left, right)` is told at the end, both from 0 to 1. */
export function dragged(area, chosen, choose) {
  let start = null;
  let moved = false;

  const share = (event) => {
    const { left, width } = area.getBoundingClientRect();
    return Math.max(0, Math.min(1, (event.clientX - left) / width));
  };

  const end = () => {
    start = null;
    chosen.hidden = true;
  };

  area.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    start = { x: event.clientX, at: share(event) };
    moved = false;
  });

  area.addEventListener("pointermove", (event) => {
    if (!start || (!moved && Math.abs(event.clientX - start.x) < LEAST)) return;
    if (!moved) area.setPointerCapture(event.pointerId);
    moved = true;
    const [left, right] = [start.at, share(event)].sort((one, other) => one - other);
    chosen.hidden = false;
    chosen.style.left = `${100 * left}%`;
    chosen.style.width = `${100 * (right - left)}%`;
  });

  area.addEventListener("pointerup", (event) => {
    const [left, right] = [start?.at ?? 0, share(event)].sort((one, other) => one - other);
    const chose = start && moved && right > left;
    end();
    if (chose) choose(left, right);
  });

  area.addEventListener("pointercancel", end);
  area.addEventListener("dragstart", (event) => event.preventDefault());
  // The click that ends a drag opens nothing.
  area.addEventListener("click", (event) => moved && event.preventDefault(), true);
}
