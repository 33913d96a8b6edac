"""Luigi API: N independent tasks that do nothing, scheduled by a server: one worker, one process.

Blocks: `seconds`, the CPU time of both sides; `calls`, how many calls were made of the server.
"""

from __future__ import annotations

import http.client
import sys
from typing import Any

import luigi
from meter import cpu, show
from served import server

done: set[int] = set()
calls = 0


class ServedNoop(luigi.Task):
    number = luigi.IntParameter()

    def complete(self) -> bool:
        return self.number in done

    def run(self) -> None:
        done.add(self.number)


def counted(*args: Any, **kwargs: Any) -> Any:
    global calls
    calls += 1
    return putrequest(*args, **kwargs)


putrequest = http.client.HTTPConnection.putrequest
http.client.HTTPConnection.putrequest = counted  # type: ignore[method-assign]

number = int(sys.argv[1])
with server() as scheduler:
    before = cpu() + scheduler.cpu
    assert luigi.build([ServedNoop(i) for i in range(number)], scheduler_url=scheduler.url, log_level="WARNING")
    show("seconds", cpu=cpu() + scheduler.cpu - before)
show("calls", count=calls)
assert done.issuperset(range(number))
