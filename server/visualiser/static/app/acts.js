// Everything an operator can do from the page: what it is called, what is asked before, and the call that does it.

import { step } from "./api.js";
import { ask } from "./dialog.js";
import { many, number } from "./format.js";

/**
 * Acts on tasks: `subject` is `{tasks: [id, …]}`, or `{where: {status, family, search, run}, total}` for all that are
 * listed.
 */
const ON_TASKS = {
  retry: { label: "Retry", past: "will be tried again", text: "Failures so far are forgotten." },
  forgive: { label: "Forgive failures", past: "will be tried again", text: "Failed tasks are tried again now." },
  re_enable: { label: "Re-enable", past: "given back to the workers", text: "Disabled tasks may run again." },
  mark_done: { label: "Mark as done", past: "marked as done", text: "What depends on them goes on. Outputs are not made.", grave: true },
  cancel: { label: "Cancel", past: "cancelled", text: "What runs is ended with all it started; what waits is disabled until it is retried.", grave: true },
};

/** What came of having a trigger run. */
const FIRED = {
  submitted: "the workers of pools have it.",
  queued: "it waits for the last one to end.",
  skipped: "skipped, since the last one goes on.",
  replaced: "it takes the place of the last one.",
};

/** Other acts: `words(subject)` is asked, `call(api, subject, given)` does it and brings something, `done` is said. */
const OTHERS = {
  pause: {
    label: "Pause",
    words: () => ({ title: "Pause the scheduler?", text: "What runs goes on; nothing new is handed out." }),
    call: (api) => api.order("control", { verb: "pause" }),
    done: () => "Paused: nothing new is handed out.",
  },
  unpause: {
    label: "Go on",
    words: () => ({ title: "Go on?", text: "Tasks are handed out again." }),
    call: (api) => api.order("control", { verb: "unpause" }),
    done: () => "Tasks are handed out again.",
  },
  disable_worker: {
    label: "Disable",
    grave: true,
    words: (worker) => ({ title: "Disable this worker?", text: `${worker} finishes what it runs and gets nothing more.` }),
    call: (api, worker) => api.order(`workers/${step(worker)}/disable`),
    done: () => "The worker gets nothing more.",
  },
  set_processes: {
    label: "Set processes",
    words: ({ worker, processes }) => ({
      title: "How many tasks at a time?",
      text: worker,
      input: { label: "Processes", type: "number", least: 1, value: processes },
    }),
    call: (api, { worker }, given) => api.order(`workers/${step(worker)}/processes`, { processes: Number(given) }),
    done: () => "The worker is told with its next sign of life.",
  },
  set_limit: {
    label: "Change the limit",
    words: ({ name, limit }) => ({
      title: "How much is there to be?",
      text: name,
      input: { label: "Limit", type: "number", least: 0, value: limit },
    }),
    call: (api, { name }, given) => api.order(`resources/${step(name)}`, { limit: Number(given) }, "PUT"),
    done: ({ name }, given) => `${name} is limited to ${given}.`,
  },
  cancel_submission: {
    label: "Cancel",
    grave: true,
    words: ({ name, id }) => ({ title: "Cancel this run?", text: `${name || id}: what runs for it alone is ended, and nothing more is begun.` }),
    call: (api, { id }) => api.order(`submissions/${step(id)}/cancel`),
    done: ({ name, id }) => `${name || id} is cancelled.`,
  },
  pause_trigger: {
    label: "Pause",
    words: (name) => ({ title: "Pause this trigger?", text: `${name} fires no more until it goes on; what is due meanwhile is not made up for.` }),
    call: (api, name) => api.order(`triggers/${step(name)}/pause`),
    done: (name) => `${name} is paused.`,
  },
  unpause_trigger: {
    label: "Go on",
    words: (name) => ({ title: "Go on with this trigger?", text: `${name} fires again when it is due next.` }),
    call: (api, name) => api.order(`triggers/${step(name)}/unpause`),
    done: (name) => `${name} fires again.`,
  },
  run_trigger: {
    label: "Run now",
    words: (name) => ({ title: "Run it now?", text: `${name}. Its time-table stays as it is.` }),
    call: (api, name) => api.order(`triggers/${step(name)}/run`),
    done: (name, given, { outcome }) => `${name}: ${FIRED[outcome] ?? outcome}`,
  },
  send_message: {
    label: "Send a message",
    words: (task) => ({ title: "Message to the running task", text: task, input: { label: "Text", type: "area" } }),
    call: (api, task, given) => api.order(`tasks/${step(task)}/messages`, { text: given }),
    done: () => "Sent. What it answers is shown with the task.",
  },
};

export const LABELS = Object.fromEntries(
  Object.entries({ ...ON_TASKS, ...OTHERS }).map(([name, { label }]) => [name, label]),
);

/** Carries acts out for whoever is signed in. */
export class Acts {
  constructor({ api, live, notices, who }) {
    Object.assign(this, { api, live, notices, who });
  }

  /** Whether the page's user may act; otherwise `refusal` says why not. */
  get allowed() {
    return this.who.role === "operator";
  }

  get refusal() {
    return `This is for operators; you are here as ${this.who.name || "a guest"} (${this.who.role}).`;
  }

  /** Asks, does it, says what came of it. Resolves to whether it was done, all of it. */
  async act(name, subject) {
    if (!this.allowed) {
      this.notices.complain(this.refusal);
      return false;
    }
    try {
      return await (name in ON_TASKS ? this.#onTasks(name, subject) : this.#other(name, subject));
    } catch (error) {
      this.notices.failed(error);
      return false;
    } finally {
      this.live.soon();
    }
  }

  async #other(name, subject) {
    const { label, grave, words, call, done } = OTHERS[name];
    const given = await ask({ yes: label, grave, ...words(subject) });
    if (given === null) return false;
    const brought = await call(this.api, subject, given);
    this.notices.say(done(subject, given, brought));
    return true;
  }

  async #onTasks(verb, { tasks, where, total }) {
    const { label, past, text, grave } = ON_TASKS[verb];
    const count = tasks ? tasks.length : total;
    const title = count === 1 ? `${label}: this task?` : `${label}: ${many(count, "task")}?`;
    if ((await ask({ title, text: tasks?.length === 1 ? `${tasks[0]}. ${text}` : text, yes: label, grave })) === null) return false;
    const { done, refused, refusals } = await this.api.order("orders", tasks ? { verb, tasks } : { verb, where });
    if (done) this.notices.say(`${many(done, "task")} ${past}.`);
    if (refused) this.notices.complain(`${number(refused)} refused: ${refusals[0].why}`, refusals[0].task_id);
    return !refused;
  }
}
