// The place "resources": how much there is of each, what holds it, and what waits.

import { h } from "../app/dom.js";
import { many } from "../app/format.js";
import { ResourceRow } from "../ops/resource_row.js";
import { RowsPlace } from "../ops/rows_place.js";

export class Place extends RowsPlace {
  constructor(app) {
    super(app, {
      noun: "resources",
      title: "Resources",
      heads: ["Resource", "In use", "Waiting", "Held by", "Orders"],
      make: (resource, again) => new ResourceRow(app, resource, again),
      summary,
      nothing: [
        h("p", {}, "No resource is limited or in use. A task says what it takes:"),
        h("pre", {}, 'class Load(luigi.Task):\n    resources = {"database": 1}'),
        h("p", {}, "How much there is, the server's configuration says:"),
        h("pre", {}, "[resources]\ndatabase = 4"),
      ],
    });
  }
}

function summary(resources) {
  const full = resources.filter(({ used, limit }) => used >= limit && used > 0).length;
  return [many(resources.length, "resource"), full && `${full} in full use`].filter(Boolean).join(" · ");
}
