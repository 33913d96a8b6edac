"""Marks in Elasticsearch by URL: `luigi.open_target("elasticsearch://host:9200/orders?update_id=2026")`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from luigi.contrib._stores.addresses import NoAddress, StoreUrl
from luigi.contrib.esindex import CopyToIndex, ElasticsearchTarget
from luigi.hookspecs import Provider, hookimpl
from luigi.plugin_settings import setting

PORT = 9200
EXAMPLE = f"elasticsearch://host:{PORT}/orders?update_id=2026"
OPTIONS = ("update_id", "doc_type")


@dataclass(frozen=True)
class Settings:
    """The section `[elasticsearch]`."""

    marker_index: str = setting("update_log", help="the index that marks are in")
    marker_doc_type: str = setting("entry", help="Luigi's; there are no types any more")
    password: str = setting("", help="of the user in a URL", secret=True)
    timeout: float = setting(10.0, help="seconds until a server that is silent is given up")


@hookimpl
def luigi_targets() -> Iterator[Provider]:
    """A mark in Elasticsearch, in the open or by TLS."""
    yield Provider(
        "elasticsearch", target, "a mark in Elasticsearch", Settings, extra="elasticsearch", needs=("elasticsearch",)
    )
    summary = "a mark in Elasticsearch, by TLS"
    yield Provider(
        "elasticsearch+https",
        target,
        summary,
        Settings,
        "elasticsearch",
        extra="elasticsearch",
        needs=("elasticsearch",),
    )


def target(url: str, settings: Settings, **kwargs: Any) -> ElasticsearchTarget:
    """The target. `kwargs` are those of ElasticsearchTarget. Raises NoAddress."""
    address = StoreUrl.of(url, ["update_id"], EXAMPLE)
    address.refuse_others(OPTIONS)
    if not address.name:
        raise NoAddress(f"{url} says no index", hint=f"such as {EXAMPLE}")
    host, port = address.host_and_port(PORT)
    if address.scheme.endswith("+https"):
        host = f"https://{host}"
    said = {"doc_type": CopyToIndex.doc_type, **address.options}
    who = {"http_auth": (address.user, settings.password)} if address.user else {}
    return ElasticsearchTarget(host, port, address.name, **{"timeout": settings.timeout, **said, **who, **kwargs})
