// The bar at the top: where one can go, how the server is, who one is; and the same in the tab's title and icon.

import { fill, h } from "./dom.js";
import { ago, number } from "./format.js";
import { themed } from "./theme.js";

const PLACES = {
  tasks: "Tasks",
  graph: "Graph",
  workers: "Workers",
  resources: "Resources",
  triggers: "Triggers",
  runs: "Runs",
};

/** Fills the header. */
export class Bar {
  #state = h("span", { class: "state" });
  #pause = h("button", { class: "quiet", onclick: () => this.#turn() });
  #nav = h("nav", { "aria-label": "Places" });
  #paused = false;

  constructor(header, app) {
    this.app = app;
    const theme = h("button", { class: "plain theme" });
    themed(theme);
    const home = h("a", { class: "home", href: app.router.href({}) }, "luigi");
    const keys = h("button", { class: "plain", "aria-label": "What the keys do", onclick: () => app.keyboard.explain() }, "?");
    fill(header, home, this.#nav, this.#state, app.server.pause_enabled && this.#pause, this.#who(), keys, theme);
    app.live.on("counts", (counts) => this.#counted(counts));
    app.live.on("away", (away) => this.#away(away));
    app.router.follow(() => this.#places());
    this.#places();
    new Image().src = iconOf("away"); // to be had when the server is not
  }

  #places() {
    const { place } = this.app.router.here;
    const links = Object.entries(PLACES).map(([name, words]) =>
      h("a", { href: this.app.router.href({ place: name }), "aria-current": name === place ? "page" : null }, words),
    );
    fill(this.#nav, links, h("a", { href: new URL("history", this.app.api.root) }, "History"));
  }

  #who() {
    const { name, role, hasSession } = this.app.who;
    const out = h("button", { class: "quiet", onclick: () => this.#leave() }, "Sign out");
    return h("span", { class: "who" }, name, h("small", {}, role), hasSession && out);
  }

  async #leave() {
    this.app.live.stop();
    try {
      await this.app.api.signOut();
    } catch (error) {
      this.app.notices.failed(error);
      this.app.live.start();
    }
  }

  #turn() {
    this.app.acts.act(this.#paused ? "unpause" : "pause");
  }

  #counted({ counts, paused }) {
    this.#paused = paused;
    fill(this.#pause, paused ? "Go on" : "Pause");
    this.#show(paused ? "held" : "good", paused ? "Paused" : "Running");
    const failed = (counts.FAILED ?? 0) + (counts.DISABLED ?? 0);
    const running = (counts.RUNNING ?? 0) + (counts.BATCH_RUNNING ?? 0);
    const words = [failed && `${number(failed)} failed`, running && `${number(running)} running`, paused && "paused"];
    title(words.filter(Boolean).join(" · "), failed ? "bad" : running ? "busy" : "calm");
  }

  #away(away) {
    if (!away) return;
    this.#show("bad", `Server away: last heard of ${ago(away.since / 1000)}`, away.why);
    title("server away", "away");
  }

  #show(tone, words, why = "") {
    set(this.#state, tone, why);
    fill(this.#state, words);
  }
}

function set(element, tone, why) {
  element.className = `state ${tone}`;
  element.title = why;
}

function title(words, icon) {
  document.title = words ? `${words} · luigi` : "luigi";
  const link = document.querySelector("link[rel=icon]");
  if (link.href !== iconOf(icon)) link.href = iconOf(icon);
}

function iconOf(name) {
  return new URL(`icons/${name}.svg`, document.baseURI).href;
}
