// Leaves out what is not in sight: browsers take long to draw thousands of nodes and lines that nobody sees.

const SPARE = 0.6; // of the width and height in sight, on each side, that is made beforehand

/** Rectangles are `[left, top, right, bottom]`. */
export class Sight {
  #ready = null;

  /** Of another drawing: the boxes of its nodes and of its lines. */
  begin(nodes, lines) {
    this.nodes = nodes;
    this.lines = lines;
    this.#ready = null;
  }

  /** What is there is not what was asked for. */
  forget() {
    this.#ready = null;
  }

  /** The places of what is to be there, `{nodes, lines}`; null where what is there will do. */
  look({ x, y, scale, stage }) {
    const [left, top] = [-x / scale, -y / scale];
    const [width, height] = [stage.clientWidth / scale, stage.clientHeight / scale];
    if (this.#ready && holds(this.#ready, [left, top, left + width, top + height], width)) return null;
    const box = [left - width * SPARE, top - height * SPARE, left + width * (1 + SPARE), top + height * (1 + SPARE)];
    this.#ready = { box, width };
    return { nodes: touching(this.nodes, box), lines: touching(this.lines, box) };
  }
}

/** The rectangle around the points `x, y, x, y, …`; where `down`, y comes first. */
export function around(route, down) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  route.forEach((value, index) => {
    const axis = (index + Number(down)) % 2;
    box[axis] = Math.min(box[axis], value);
    box[axis + 2] = Math.max(box[axis + 2], value);
  });
  return box;
}

/** Whether what is ready is enough, and not far more than that. */
function holds({ box, width }, sight, sightWidth) {
  return box[0] <= sight[0] && box[1] <= sight[1] && box[2] >= sight[2] && box[3] >= sight[3] && sightWidth * 2 > width;
}

function touching(boxes, [left, top, right, bottom]) {
  const found = new Set();
  boxes.forEach((box, place) => {
    if (box[0] <= right && box[2] >= left && box[1] <= bottom && box[3] >= top) found.add(place);
  });
  return found;
}
