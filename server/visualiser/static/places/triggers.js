// The place "triggers": what the server starts by itself, when, and how it went.

import { h } from "../app/dom.js";
import { many } from "../app/format.js";
import { RowsPlace } from "../ops/rows_place.js";
import { TriggerRow } from "../ops/trigger_row.js";

export class Place extends RowsPlace {
  constructor(app) {
    super(app, {
      noun: "triggers",
      title: "Triggers",
      heads: ["Trigger", "Starts", "Next", "Last run", "Orders"],
      make: (trigger, again) => new TriggerRow(app, trigger, again),
      summary,
      nothing: [
        h("p", {}, "Nothing starts by itself here. This in the server's configuration has it start a task every night:"),
        h("pre", {}, "[trigger.nightly]\ntype = cron\ncron = 0 2 * * *\ntimezone = Europe/Berlin\ntask = my_module:MyTask\ndate = {date:-1d}"),
        h("p", {}, "The workers of a pool run it: ", h("code", {}, "kernel worker --modules my_module")),
      ],
    });
  }
}

function summary(triggers) {
  const paused = triggers.filter((one) => one.paused).length;
  return [many(triggers.length, "trigger"), paused && `${paused} paused`].filter(Boolean).join(" · ");
}
