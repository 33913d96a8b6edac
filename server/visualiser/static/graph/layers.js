// Puts nodes into layers, such that links lead from one to a later one; links that go round in a circle are left out.

/** Lists of places, first to last. `links` lead from left to right. */
export function layersOf(count, links) {
  const next = Array.from({ length: count }, () => []);
  const waiting = new Int32Array(count);
  for (const [from, to] of links) {
    next[from].push(to);
    waiting[to] += 1;
  }
  const starts = waiting.map((number) => Number(number === 0));
  const layer = ranked(next, waiting);
  // What needs nothing comes just before what needs it, rather than at the far left.
  for (let place = 0; place < count; place += 1) {
    const nearest = Math.min(...next[place].map((other) => layer[other]));
    if (starts[place] && next[place].length) layer[place] = Math.max(0, nearest - 1);
  }
  return gathered(layer);
}

function ranked(next, waiting) {
  const count = next.length;
  const layer = new Int32Array(count);
  const done = new Uint8Array(count);
  const ready = [...waiting.keys()].filter((place) => !waiting[place]);
  let search = 0;
  for (let taken = 0; taken < count; taken += 1) {
    if (taken === ready.length) { // all that are left go round in circles: one of them begins
      while (done[search]) search += 1;
      ready.push(search);
    }
    const place = ready[taken];
    done[place] = 1;
    for (const other of next[place]) {
      if (done[other]) continue;
      layer[other] = Math.max(layer[other], layer[place] + 1);
      waiting[other] -= 1;
      if (waiting[other] === 0) ready.push(other);
    }
  }
  return layer;
}

function gathered(layer) {
  const layers = [];
  layer.forEach((number, place) => (layers[number] ??= []).push(place));
  return layers.filter(Boolean);
}
