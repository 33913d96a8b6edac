// Puts the page together: who is here, what is live, and the place that the URL names.

import { Acts } from "./app/acts.js";
import { Api, Away } from "./app/api.js";
import { Bar } from "./app/bar.js";
import { fill, h } from "./app/dom.js";
import { Keyboard } from "./app/keyboard.js";
import { Live } from "./app/live.js";
import { Notices } from "./app/notices.js";
import { Router } from "./app/router.js";
import { Panel } from "./panel/panel.js";

/** Each place is a module of its own, loaded when somebody goes there. Its class: `new Place(app)`, `element`,
 * `show(here)` after every step within it, `hide()` when it is left. */
const PLACES = {
  tasks: () => import("./places/tasks.js"),
  graph: () => import("./places/graph.js"),
  workers: () => import("./places/workers.js"),
  resources: () => import("./places/resources.js"),
  triggers: () => import("./places/triggers.js"),
  runs: () => import("./places/runs.js"),
};

const KEYS = { t: "tasks", g: "graph", w: "workers", r: "resources", i: "triggers", u: "runs" }; // behind a g
const PAUSE = 3_000; // milliseconds between two attempts to find the server
const root = new URL("../../", document.baseURI);
const content = document.querySelector("main");

/** The page to sign in on, which leads back to what is shown now. */
function signInPath() {
  const next = `static/visualiser/index.html${window.location.search}`;
  return `login?${new URLSearchParams({ next })}`;
}

/** What every part of the page works with. */
function made(api, { who, server }) {
  const app = { api, who, server, live: new Live(api), router: new Router(), keyboard: new Keyboard() };
  app.notices = new Notices(document.querySelector("#notices"));
  app.acts = new Acts(app);
  app.bar = new Bar(document.querySelector("header"), app);
  app.panel = new Panel(document.querySelector("#panel"), app);
  return app;
}

/** Who is here, and what the server does; one that is away is waited for. */
async function greeted(api) {
  for (;;) {
    try {
      const [who, server] = await Promise.all([api.session(), api.get("control")]);
      return { who, server };
    } catch (error) {
      if (!(error instanceof Away)) throw error;
      fill(content, h("p", { class: "empty" }, `${error.message}. Trying again…`));
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }
}

/** Shows the place that the URL names, and the task beside it. */
class Places {
  #known = new Map();
  #shown = null;

  constructor(app) {
    this.app = app;
    app.router.follow((here) => this.show(here));
  }

  async show(here) {
    const name = here.place;
    if (!this.#known.has(name)) this.#known.set(name, PLACES[name]().then((room) => new room.Place(this.app)));
    const place = await this.#known.get(name);
    if (name !== this.app.router.here.place) return; // somebody went on meanwhile
    if (this.#shown !== place) {
      this.#shown?.hide();
      fill(content, place.element);
      this.#shown = place;
    }
    place.show(this.app.router.here);
    this.app.panel.show(here.task ?? "");
  }
}

function keys({ keyboard, router }) {
  for (const [key, place] of Object.entries(KEYS)) {
    keyboard.add(`g ${key}`, `Go to ${place}`, () => router.go({ place }));
  }
  keyboard.add("/", "Search", () => document.querySelector("main input[type=search]")?.focus());
  keyboard.add("Escape", "Close the task", () => router.change({ task: "" }));
}

const api = new Api(root, signInPath);
const app = made(api, await greeted(api));
keys(app);
await new Places(app).show(app.router.here);
app.live.start();
