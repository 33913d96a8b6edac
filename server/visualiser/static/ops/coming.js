// What a trigger starts next: when it is due, as its own clocks show it, and with which parameters.

import { step } from "../app/api.js";
import { tell } from "../app/dialog.js";
import { h } from "../app/dom.js";
import { ahead, moment, short } from "../app/format.js";

const COUNT = 10;

/** Asks, and tells it in a dialog. */
export async function tellComing(app, name) {
  try {
    const { coming } = await app.api.get(`triggers/${step(name)}/coming`, { count: COUNT });
    tell(`${short(name, 120)}: what comes`, coming.length ? h("ul", {}, coming.map(line)) : h("p", {}, "It is never due again."));
  } catch (error) {
    app.notices.failed(error);
  }
}

function line({ local, fires, params }) {
  const given = Object.entries(params).map(([name, value]) => `${name}=${value}`);
  return h(
    "li",
    {},
    h("span", { title: moment(fires) }, `${local.replace("T", " ")}, ${ahead(fires)}`),
    given.length > 0 && h("div", {}, h("code", {}, short(given.join(" "), 500))),
  );
}
