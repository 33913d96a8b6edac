// What else there is to know of the task: its rank, who wants it, what becomes of it by itself.

import { h } from "../app/dom.js";
import { duration, moment, number, short } from "../app/format.js";
import { taskLink, workerLink } from "./links.js";
import { long } from "./long.js";
import { Section } from "./section.js";
import { since } from "./times.js";

const NEVER = 999_999_999; // what retry policies have for no limit
const NAMED = 10; // of a list of workers or tasks

export class Facts extends Section {
  constructor(desk) {
    super(desk, { name: "facts", title: "Facts", open: false });
  }

  ask(task) {
    return task;
  }

  draw(task) {
    const rows = this.#rows(task).filter(([, content]) => content);
    return h("dl", {}, rows.map(([name, content]) => [h("dt", {}, name), h("dd", {}, content)]));
  }

  #rows(task) {
    return [
      ["Module", task.module && long(task.module)],
      ["Priority", priority(task)],
      ["Known", since(task.known_since)],
      ["Last run", task.started && [since(task.started), task.worker && [" on ", workerLink(this.desk.app, task.worker)]]],
      ["Failed first", task.first_failure && since(task.first_failure)],
      [task.status === "DISABLED" ? "Given back" : "Tried again", task.due && moment(task.due)],
      ["Retries", retries(task.retry_policy)],
      ["Forgotten", task.remove_at && moment(task.remove_at)],
      ["Wanted by", this.#workers(task.stakeholders)],
      ["Can be run by", this.#workers(task.runners)],
      ["Owners", long(task.owners.join(", "))],
      ["Batch", task.batch && this.#batch(task.batch)],
    ];
  }

  #workers(ids) {
    const shown = ids.slice(0, NAMED).map((id) => h("div", {}, workerLink(this.desk.app, id)));
    return ids.length > 0 && [shown, ids.length > NAMED && h("div", { class: "faint" }, `and ${number(ids.length - NAMED)} more`)];
  }

  #batch({ members, runner }) {
    const { app, id } = this.desk;
    const others = members.filter((member) => member !== id).slice(0, NAMED);
    return [
      `${number(members.length)} run as one`,
      runner && [", as ", taskLink(app, runner, short(runner, 80))],
      h("ul", {}, others.map((member) => h("li", {}, taskLink(app, member, short(member, 80))))),
    ];
  }
}

/** What depends on a task may make it more urgent than it is by itself. */
function priority({ priority: own, rank }) {
  return rank !== own && rank !== null ? `${own}, raised to ${rank} by what needs it` : String(own);
}

function retries({ retry_count: count, retry_delay: delay }) {
  return count < NEVER && `${number(count)} failures disable it; tried again after ${duration(delay)}`;
}
