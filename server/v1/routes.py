"""The API of this server: the table of routes, one for each operation."""

from __future__ import annotations

from luigi.server.office import Office
from luigi.server.routes import Route
from luigi.server.v1 import history, openapi, task_orders, tasks, verbs, workers
from luigi.server.v1.operations import Operation


def operations(office: Office) -> list[Operation]:
    """All that the API does."""
    return [
        *verbs.operations(),
        *tasks.operations(),
        *task_orders.operations(),
        *workers.operations(),
        *history.operations(office),
    ]


def routes(office: Office) -> list[Route]:
    """What this room answers."""
    everything = operations(office)
    return [openapi.route(everything), *[operation.route(office) for operation in everything]]
