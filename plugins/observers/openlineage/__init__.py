"""Lineage by OpenLineage: an event when a run or an attempt begins and ends, with what it reads and writes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import luigi
from luigi.extras import need
from luigi.hookspecs import Provider
from luigi.plugin_settings import setting

EXTRA = "openlineage"
NEEDS = ("openlineage.client",)


@dataclass(frozen=True)
class Settings:
    """The section `[openlineage]`. Without `url` and `file` the client's own configuration counts: `OPENLINEAGE_URL`,
    `OPENLINEAGE_CONFIG`, `openlineage.yml` and so on."""

    url: str = setting("", help="the server of events, such as Marquez: http://host:5000")
    endpoint: str = setting("api/v1/lineage", help="where events are posted to on that server")
    api_key: str = setting("", help="sent as a bearer token", secret=True)
    file: str = setting("", help="a file that events are appended to, one a line, instead of a server")
    namespace: str = setting("", help="of jobs; unless given, OPENLINEAGE_NAMESPACE or luigi")
    timeout: float = setting(3.0, help="seconds until a request is given up")
    deadline: float = setting(30.0, help="seconds the end of the program waits for what is not sent then")


def _observer(settings: Settings) -> object:
    for module in NEEDS:
        need(module, EXTRA, "[core] observers = openlineage")
    from luigi.plugins.observers.openlineage.observer import Observer

    return Observer(settings)


def _check(settings: Settings) -> str:
    """Connect to the server, or look whether the file can be written. Sends nothing."""
    from luigi.plugins.observers.openlineage.sending import check

    return check(settings)


@luigi.hookimpl
def luigi_observers() -> Iterable[Provider]:
    """The one of the name `openlineage`."""
    facts: dict[str, Any] = {"settings": Settings, "extra": EXTRA, "needs": NEEDS, "check": _check}
    yield Provider("openlineage", _observer, "lineage events by OpenLineage, to a server or a file", **facts)
