"""How many attempts ended when: since this server leads, and what its scheduler remembers of the time before."""

from __future__ import annotations

from typing import Any

from luigi.server.office import Office
from luigi.server.throughput import REMEMBERED, STEP, Throughput
from luigi.server.v1.lately_shapes import Throughput as Shape
from luigi.server.v1.operations import Call, Operation, looking
from luigi.server.v1.queries import Number
from luigi.server.v1.schemas import Strict


class ThroughputQuery(Strict):
    """How far back."""

    seconds = Number(STEP, REMEMBERED, 3600, "How far back")


def operations(office: Office) -> list[Operation]:
    """The curve; what it is drawn from is counted from now on."""
    throughput = Throughput()
    office.standing.attach(throughput.watching)

    def curve(call: Call) -> Any:
        return throughput.curve(call.said["seconds"], call.scheduler.clock.now())._asdict()

    return [
        looking("/throughput", "getThroughput", "How many attempts ended when", curve, Shape, ThroughputQuery),
    ]
