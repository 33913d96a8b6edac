// Makes elements. Text is always text: nothing a task is called can become markup.

const SVG = "http://www.w3.org/2000/svg";

/** An element: `h("button", {class: "quiet", onclick: act}, "Pause")`. See `set` for what properties mean. */
export function h(tag, properties, ...children) {
  return filled(document.createElement(tag), properties, children);
}

/** An element of a drawing. */
export function svg(tag, properties, ...children) {
  return filled(document.createElementNS(SVG, tag), properties, children);
}

/** Puts these children in the place of all that an element has. Nested lists are flat; null and false are nothing. */
export function fill(element, ...children) {
  element.replaceChildren(...nodes(children));
  return element;
}

/**
 * Sets properties: `on…` is a listener, `style` a mapping of CSS properties, `data` one of data attributes; true is an
 * attribute without a value, null, undefined and false are none.
 */
export function set(element, properties) {
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "style") for (const [key, one] of Object.entries(value)) element.style.setProperty(key, one);
    else if (name === "data") Object.assign(element.dataset, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value === null || value === undefined || value === false) element.removeAttribute(name);
    else element.setAttribute(name, String(value));
  }
  return element;
}

function filled(element, properties, children) {
  set(element, properties).append(...nodes(children));
  return element;
}

function nodes(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
}
