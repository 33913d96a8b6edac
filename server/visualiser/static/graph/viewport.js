// Moves and enlarges a drawing: by dragging, pinching, the wheel, keys.

const SCALES = { least: 0.02, most: 3, fitted: 1, readable: 0.75, lost: 0.05, thin: 0.35 };
const STRIP = 4; // so many times longer than what it is looked at through: all of it would be a thread
const FAR = 0.42; // below this scale nobody can read a text
const FARTHEST = 0.14; // nor make out a mark
const EDGE = 28; // pixels around what is fitted
const STILL = 4; // pixels that a click may move
const STRIDE = 60; // pixels for an arrow key

/** `stage` is the element looked through, `scene` what is seen. `moved` is called after each move. */
export class Viewport {
  #pointers = new Map();
  #frame = 0;

  constructor(stage, scene, moved) {
    Object.assign(this, { stage, scene, moved, x: 0, y: 0, scale: 1, dragged: false });
    stage.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    stage.addEventListener("pointerdown", (event) => this.#down(event));
    stage.addEventListener("pointermove", (event) => this.#move(event));
    for (const end of ["pointerup", "pointercancel"]) stage.addEventListener(end, (event) => this.#up(event));
    stage.addEventListener("dragstart", (event) => event.preventDefault());
    stage.addEventListener("keydown", (event) => this.#key(event));
  }

  /** Whether it is being dragged just now. */
  get dragging() {
    return this.dragged && this.#pointers.size > 0;
  }

  /** Moves by so many pixels of the screen. */
  pan(dx, dy) {
    this.x += dx;
    this.y += dy;
    this.#later();
  }

  /** Enlarges around a point of the stage, its middle unless told. */
  zoom(factor, x = this.stage.clientWidth / 2, y = this.stage.clientHeight / 2) {
    const scale = Math.max(SCALES.least, Math.min(SCALES.most, this.scale * factor));
    this.x = x - ((x - this.x) * scale) / this.scale;
    this.y = y - ((y - this.y) * scale) / this.scale;
    this.scale = scale;
    this.#later();
  }

  /** Shows all of a drawing; of one that is far too long, the part around `[x, y]`, or else its beginning. */
  fit({ width, height }, middle) {
    const { clientWidth, clientHeight } = this.stage;
    const [across, down] = [(clientWidth - 2 * EDGE) / width, (clientHeight - 2 * EDGE) / height];
    const scale = Math.min(SCALES.fitted, across, down);
    const strip = Math.max(across, down) / Math.min(across, down) > STRIP;
    const all = scale >= (strip ? SCALES.thin : SCALES.lost);
    this.scale = all ? scale : SCALES.readable;
    const half = (length, room) => Math.min(length / 2, (room / 2 - EDGE) / this.scale);
    const beginning = [half(width, clientWidth), half(height, clientHeight)];
    this.centre(all ? [width / 2, height / 2] : (middle ?? beginning));
  }

  /** Puts a point of the drawing into the middle; `read`: near enough to be read. */
  centre([x, y], { read = false } = {}) {
    if (read) this.scale = Math.max(this.scale, SCALES.readable);
    this.x = this.stage.clientWidth / 2 - x * this.scale;
    this.y = this.stage.clientHeight / 2 - y * this.scale;
    this.#later();
  }

  /** Moves no more than is needed for a node to be in sight. */
  reveal([x, y], [width, height]) {
    const shift = (at, half, room) => {
      const [from, to] = [at - half * this.scale - EDGE, at + half * this.scale + EDGE];
      return from < 0 ? -from : to > room ? room - to : 0;
    };
    const dx = shift(this.x + x * this.scale, width / 2, this.stage.clientWidth);
    const dy = shift(this.y + y * this.scale, height / 2, this.stage.clientHeight);
    if (dx || dy) this.pan(dx, dy);
  }

  #later() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.scene.setAttribute("transform", `translate(${this.x} ${this.y}) scale(${this.scale})`);
      this.stage.classList.toggle("far", this.scale < FAR);
      this.stage.classList.toggle("farthest", this.scale < FARTHEST);
      this.moved();
    });
  }

  #wheel(event) {
    event.preventDefault();
    const box = this.stage.getBoundingClientRect();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 20 : 1;
    const speed = event.ctrlKey ? 0.01 : 0.0015; // browsers tell pinching on a pad as a wheel with Ctrl
    this.zoom(Math.exp(-event.deltaY * lines * speed), event.clientX - box.x, event.clientY - box.y);
  }

  #down(event) {
    if (event.button !== 0 || event.target.closest("button")) return;
    if (!this.#pointers.size) this.dragged = false;
    this.#pointers.set(event.pointerId, { x: event.clientX, y: event.clientY, from: [event.clientX, event.clientY] });
  }

  #move(event) {
    const pointer = this.#pointers.get(event.pointerId);
    if (!pointer) return;
    if (!event.buttons) return this.#up(event); // it was let go outside
    const far = Math.hypot(event.clientX - pointer.from[0], event.clientY - pointer.from[1]);
    if (!this.dragged && far < STILL && this.#pointers.size === 1) return;
    if (!this.stage.hasPointerCapture(event.pointerId)) this.stage.setPointerCapture(event.pointerId);
    this.dragged = true;
    const before = this.#spread();
    const [dx, dy] = [event.clientX - pointer.x, event.clientY - pointer.y];
    Object.assign(pointer, { x: event.clientX, y: event.clientY });
    const after = this.#spread();
    this.pan(dx / this.#pointers.size, dy / this.#pointers.size);
    if (before && after) this.zoom(after.width / before.width, after.x, after.y);
  }

  #up(event) {
    this.#pointers.delete(event.pointerId);
  }

  /** How far two fingers are apart, and the point between them. */
  #spread() {
    if (this.#pointers.size !== 2) return null;
    const [one, other] = this.#pointers.values();
    const box = this.stage.getBoundingClientRect();
    const width = Math.max(1, Math.hypot(one.x - other.x, one.y - other.y));
    return { width, x: (one.x + other.x) / 2 - box.x, y: (one.y + other.y) / 2 - box.y };
  }

  #key(event) {
    const ways = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    const way = ways[event.key];
    if (!way || event.target !== this.stage || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.pan(way[0] * STRIDE, way[1] * STRIDE);
  }
}
