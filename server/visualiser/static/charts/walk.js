// From bar to bar by the keyboard: along a lane, and from lane to lane. Only one of them is a stop of the Tab key.

const WAYS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };

/** Goes on from the bar that has the focus; tells whether the key is one of these. */
export function walk(bars, key) {
  const here = document.activeElement;
  if (!(key in WAYS) || here.parentElement !== bars) return false;
  const [along, across] = WAYS[key];
  const next = nearest(bars, here, along, across);
  if (next) {
    for (const stop of bars.querySelectorAll("[tabindex='0']")) stop.setAttribute("tabindex", "-1");
    next.setAttribute("tabindex", "0");
    next.focus();
  }
  return true;
}

function nearest(bars, here, along, across) {
  const ways = [...bars.children].map((element) => {
    const down = element.offsetTop - here.offsetTop;
    const right = element.offsetLeft - here.offsetLeft;
    const far = across ? Math.abs(down) * 10_000 + Math.abs(right) : Math.abs(right);
    const fits = across ? down * across > 0 : down === 0 && right * along > 0;
    return { element, far, fits: fits && element !== here };
  });
  return ways.filter(({ fits }) => fits).sort((one, other) => one.far - other.far)[0]?.element;
}
