// The place "graph": what one task needs and what needs it, or all tasks folded by family.

import { Away } from "../app/api.js";
import { fill, h } from "../app/dom.js";
import { Board } from "../graph/board.js";
import { Current } from "../graph/current.js";
import { UNFOLDS, seen } from "../graph/folding.js";
import { amount, nothingYet, trouble } from "../graph/note.js";
import { roots } from "../graph/roots.js";
import { save } from "../graph/saving.js";
import { Search } from "../graph/search.js";
import { question, title } from "../graph/titles.js";
import { Toolbar } from "../graph/toolbar.js";

/** In the URL: `root`, the task whose graph it is (`task` is the one open beside it), and what Toolbar offers. */
export class Place {
  #here = {};
  #question = null;
  #failed = null;
  #stale = false;
  #opened = new Set(); // keys of tasks whose neighbours are shown, however far
  #end = null;

  constructor(app) {
    this.app = app;
    this.current = new Current(app, (kind, detail) => this.#heard(kind, detail));
    this.board = new Board((node) => this.#href(node));
    const { picture } = this.board;
    this.search = new Search(picture, (search) => app.router.change({ search }, { replace: true }));
    const saved = () => save(picture, this.#here.root ?? "families");
    this.toolbar = new Toolbar(this.search, (words) => app.router.change(words), saved);
    this.note = h("div", { class: "note" });
    this.runs = h("span", { class: "runs" });
    this.instead = h("div", { class: "instead", hidden: true });
    const under = h("div", { class: "toolbar" }, this.toolbar.choices, this.note);
    const parts = [this.toolbar.element, under, this.instead, this.board.element];
    this.element = h("section", { class: "place graph" }, parts);
    picture.addEventListener("open", ({ detail: node }) => this.#open(node));
    picture.addEventListener("expand", ({ detail: node }) => this.#expand(node));
    for (const [key, { words, act }] of Object.entries(this.board.zooms)) {
      app.keyboard.add(key, `Graph: ${words}`, () => this.#end && act());
    }
  }

  show(here) {
    if (here.task && !here.root) {
      this.app.router.change({ root: here.task }, { replace: true }); // which leads here again
      return;
    }
    this.#follow();
    const before = this.#here;
    this.#here = here;
    if (JSON.stringify(question(here)) !== JSON.stringify(this.#question)) this.#load(question(here));
    else this.#step(before, here);
  }

  hide() {
    this.#end?.();
    this.#end = null;
    this.current.stop();
  }

  /** To what the URL says beyond which graph it is. */
  #step(before, here) {
    if (before.task !== here.task) this.board.picture.mark(here.task ?? "");
    else if (before.search !== here.search) this.search.look(here.search ?? "");
    else this.#arrange();
  }

  #follow() {
    if (this.#end) return;
    this.current.start();
    this.#end = this.app.live.on("tick", () => this.#failed instanceof Away && this.#load(this.#question));
  }

  async #load(asked) {
    this.#question = asked;
    this.#opened.clear();
    this.#failed = null;
    this.#stale = false;
    this.element.setAttribute("aria-busy", "true");
    try {
      await this.current.load(asked);
      fill(this.runs, asked.root ? null : await roots(this.app));
    } catch (error) {
      this.#fail(error);
    } finally {
      this.element.removeAttribute("aria-busy");
    }
  }

  #fail(error) {
    this.#failed = error;
    this.#offer({});
    fill(this.note);
    this.#say(trouble(error, this.app.router.href({ place: "graph" })));
  }

  #heard(kind, detail) {
    if (kind === "failed") return this.#fail(detail);
    this.#failed = null;
    this.#stale = kind === "stale" || (kind === "states" && this.#stale);
    return this.#arrange(detail);
  }

  /** Shows the graph as far, and as folded, as one wants to see it. */
  async #arrange(anchor = "") {
    const whole = this.current.graph;
    if (!whole || this.#failed) return;
    const view = seen(whole, this.#here, this.#opened);
    this.#offer(view);
    this.#say(whole.nodes.size ? null : nothingYet(this.app.api.root));
    this.#note(amount(whole, view.graph));
    if (!(await this.board.show(view.graph, { listed: this.#here.view === "list", anchor }))) return;
    this.search.look(this.#here.search ?? "");
    this.board.picture.mark(this.#here.task ?? "");
  }

  #offer({ folded = false, unfolded = new Set() }) {
    const href = this.app.router.href({ place: "graph" });
    const words = title(this.#here, this.current.asked?.label);
    this.toolbar.show(this.#here, { title: words, href, folded, unfolded });
  }

  #note(words) {
    const renew = h("button", { class: "quiet", onclick: () => this.current.renew() }, "Draw anew");
    const stale = this.#stale && h("span", {}, "Tasks have come or gone. ", renew);
    fill(this.note, h("span", { role: "status" }, words), stale, this.runs);
  }

  /** Says something instead of a drawing. */
  #say(content) {
    fill(this.instead, content);
    this.instead.hidden = !content;
    this.board.element.hidden = Boolean(content);
  }

  #href(node) {
    const { router } = this.app;
    return router.href(node.counts ? { place: "tasks", family: node.family } : { ...this.#here, task: node.id });
  }

  #open(node) {
    const { router } = this.app;
    if (!node.counts) router.change({ task: node.id });
    else if (!this.current.graph.root || node.total > UNFOLDS) router.go({ place: "tasks", family: node.family });
    else router.change({ unfold: [this.#here.unfold, node.family].filter(Boolean).join(",") });
  }

  /** Shows what is next to a task: what is only hidden, else what the server knows. */
  async #expand(node) {
    if (node.counts) return;
    this.#opened.add(node.key);
    try {
      if (node.more) await this.#arrange(node.key);
      else await this.current.expand(node.id);
    } catch (error) {
      this.app.notices.failed(error);
    }
  }
}
