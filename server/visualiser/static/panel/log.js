// What the task prints, as it prints it: stdout, stderr and its log, by attempt.

import { Problem } from "../app/api.js";
import { fill, h } from "../app/dom.js";
import { many, shortly, workerName } from "../app/format.js";
import { LogLines } from "./log_lines.js";
import { LogReader } from "./log_reader.js";
import { saveLog } from "./log_saving.js";
import { LogSearch } from "./log_search.js";
import { Section } from "./section.js";

const PATIENCE = 500; // milliseconds for which a long log is read before what has come is shown
const NEAR = 24; // pixels from its end at which a log is followed

export class Log extends Section {
  #lines = new LogLines();
  #search = new LogSearch(this.#lines, (line) => this.#goTo(line));
  #following = true;
  #offered = "";
  #pages = []; // read, and not shown yet: to show many at once is much less work
  #shown = 0;

  constructor(desk) {
    super(desk, { name: "log", title: "Log" });
    this.reader = new LogReader(desk, { begun: () => this.#clear(), taken: (page) => this.#take(page) });
    this.choice = h("select", { "aria-label": "Attempt", onchange: () => this.#choose() });
    this.following = h("button", { class: "quiet", "aria-pressed": "true", onclick: () => this.#follow(!this.#following) }, "Follow");
    const save = h("button", { class: "quiet", onclick: () => this.#save() }, "Download");
    this.tools = h("div", { class: "tools" }, this.choice, this.#search.element, this.following, save);
    this.remark = h("p", { class: "faint" }, "…");
    this.tools.hidden = this.#lines.element.hidden = true;
    this.#lines.element.addEventListener("scroll", () => this.#follow(this.#atEnd()), { passive: true });
    fill(this.body, this.tools, this.remark, this.#lines.element);
  }

  /** Whatever has become of the task, there may be more to read. */
  refresh() {
    this.reader.goOn();
    return this.tick();
  }

  async tick() {
    try {
      if (this.task && this.seen) await this.reader.read(() => this.seen);
      this.#show();
    } catch (error) {
      this.failed(error);
    }
  }

  failed(error) {
    if (!(error instanceof Problem)) return this.desk.missed(error);
    this.reader.stop();
    this.#say(error.message);
  }

  #clear() {
    this.#pages = [];
    this.#lines.clear();
  }

  #take(page) {
    this.#pages.push(page);
    if (performance.now() - this.#shown > PATIENCE) this.#show();
  }

  #show() {
    const pages = this.#pages.splice(0);
    if (!pages.length) return;
    this.#lines.add(pages);
    this.#about(pages.at(-1));
    this.#search.again();
    if (this.#following) this.#toEnd();
    this.#shown = performance.now();
  }

  #about({ attempt, attempts, ended }) {
    const { count, left } = this.#lines;
    this.#offer(attempts);
    this.#say(count ? earlier(left) : nothing(attempt, ended));
    this.#lines.element.hidden = !count;
    this.tools.hidden = !count && attempts.length < 2;
  }

  #say(words) {
    fill(this.remark, words);
    this.remark.hidden = !words;
  }

  #offer(attempts) {
    const offered = JSON.stringify(attempts);
    if (offered === this.#offered) return;
    this.#offered = offered;
    fill(this.choice, attempts.map(({ attempt, worker, began, ended }, place) =>
      h("option", { value: place ? attempt : "" }, `${shortly(began)} on ${workerName(worker)}${ended ? "" : ", running"}`),
    ));
    this.choice.value = this.reader.chosen;
    this.choice.hidden = attempts.length < 2;
  }

  #choose() {
    this.#follow(true);
    this.reader.choose(this.choice.value);
    this.tick();
  }

  #follow(following) {
    this.#following = following;
    this.following.setAttribute("aria-pressed", String(following));
    if (following) this.#toEnd();
  }

  #goTo(line) {
    this.#follow(false);
    const { element } = this.#lines;
    element.scrollTop = line.offsetTop - element.clientHeight / 2;
  }

  #atEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.#lines.element;
    return scrollHeight - scrollTop - clientHeight < NEAR;
  }

  #toEnd() {
    this.#lines.element.scrollTop = this.#lines.element.scrollHeight;
  }

  async #save() {
    try {
      await saveLog(this.desk, this.reader.attempt);
    } catch (error) {
      this.desk.app.notices.failed(error);
    }
  }
}

function nothing(attempt, ended) {
  if (attempt === null) return "It has not run on this server lately. What it prints is shown here as it runs.";
  return ended ? "This attempt has printed nothing." : "Nothing yet.";
}

function earlier(lines) {
  return lines ? `Not shown, but in the download: ${many(lines, "earlier line")}.` : "";
}
