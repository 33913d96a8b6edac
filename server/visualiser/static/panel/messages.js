// Messages to the running task, and what it answered.

import { LABELS } from "../app/acts.js";
import { h } from "../app/dom.js";
import { Section } from "./section.js";

const ACTIVE = new Set(["RUNNING", "BATCH_RUNNING"]);

export class Messages extends Section {
  constructor(desk) {
    super(desk, { name: "messages", title: "Messages" });
  }

  applies({ accepts_messages: accepts, answers }) {
    return (accepts && this.desk.app.server.messages_enabled) || Object.keys(answers).length > 0;
  }

  ask({ answers, accepts_messages: accepts, status }) {
    return { answers, open: accepts && ACTIVE.has(status) };
  }

  draw({ answers, open }) {
    const { acts } = this.desk.app;
    const send = () => acts.act("send_message", this.desk.id);
    const said = Object.entries(answers).toReversed();
    const how = { class: "quiet", disabled: !acts.allowed, title: acts.allowed ? null : acts.refusal };
    const answer = ([message, text]) => [h("dt", { title: `Message ${message}` }, "Answered"), h("dd", {}, h("pre", { tabindex: 0 }, text))];
    return [
      open && h("button", { ...how, onclick: send }, LABELS.send_message),
      !open && h("p", { class: "faint" }, "It takes messages while it runs."),
      said.length > 0 && h("dl", {}, said.map(answer)),
    ];
  }
}
