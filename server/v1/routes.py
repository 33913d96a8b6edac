"""The API of this server: the table of routes, one for each operation."""

from __future__ import annotations

from luigi.server.logs import operations as logs
from luigi.server.office import Office
from luigi.server.routes import Route
from luigi.server.v1 import (
    bulk_orders,
    history,
    ids,
    lately,
    live_runs,
    openapi,
    outlines,
    resources,
    submissions,
    table,
    task_orders,
    tasks,
    throughput,
    triggers,
    verbs,
    workers,
)
from luigi.server.v1.operations import Operation
from luigi.server.v1.versions import Versions


def operations(office: Office) -> list[Operation]:
    """All that the API does."""
    versions = Versions()
    return [
        *verbs.operations(),
        *tasks.operations(versions),
        *table.operations(versions, office.clock),
        *outlines.operations(versions, office.clock),
        *ids.operations(),
        *lately.operations(),
        *live_runs.operations(versions, office.clock),
        *throughput.operations(office),
        *task_orders.operations(),
        *bulk_orders.operations(),
        *workers.operations(),
        *resources.operations(versions, office.clock),
        *submissions.operations(),
        *triggers.operations(office),
        *history.operations(office),
        *logs.operations(office),
    ]


def routes(office: Office) -> list[Route]:
    """What this room answers."""
    everything = operations(office)
    return [openapi.route(everything), *[operation.route(office) for operation in everything]]
