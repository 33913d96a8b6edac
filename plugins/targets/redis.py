"""Marks in Redis by URL: `luigi.open_target("redis://host:6379/0?update_id=orders")`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from luigi.contrib._stores.addresses import NoAddress, StoreUrl
from luigi.contrib.redis_store import TIMEOUT, RedisTarget
from luigi.hookspecs import Provider, hookimpl
from luigi.plugin_settings import setting

PORT = 6379
OPTIONS = ("update_id", "expire")


@dataclass(frozen=True)
class Settings:
    """The section `[redis]`."""

    marker_prefix: str = setting("luigi", help="what the keys of marks begin with")
    password: str = setting("", help="of the user in a URL, or of the server", secret=True)
    socket_timeout: float = setting(TIMEOUT, help="seconds until a server that is silent is given up")


@hookimpl
def luigi_targets() -> Iterator[Provider]:
    """A mark in Redis, in the open or by TLS."""
    yield Provider("redis", target, "a mark in Redis", Settings, extra="redis", needs=("redis",))
    summary = "a mark in Redis, by TLS"
    yield Provider("rediss", target, summary, Settings, "redis", extra="redis", needs=("redis",))


def target(url: str, settings: Settings, **kwargs: Any) -> RedisTarget:
    """The target. `kwargs` are arguments of `redis.Redis`. Raises NoAddress."""
    example = f"{url.partition(':')[0]}://host:{PORT}/0?update_id=orders"
    address = StoreUrl.of(url, ["update_id"], example)
    address.refuse_others(OPTIONS)
    db, expire = address.name or "0", address.options.get("expire", "")
    if not db.isdecimal() or not (expire.isdecimal() or not expire):
        raise NoAddress(f"{url}: the database and expire are whole numbers", hint=f"such as {example}&expire=3600")
    host, port = address.host_and_port(PORT)
    given = {"password": settings.password or None, "socket_timeout": settings.socket_timeout}
    given |= {"ssl": True} if address.scheme == "rediss" else {}
    given |= {"username": address.user} if address.user else {}
    seconds = int(expire) if expire else None
    return RedisTarget(host, port, int(db), address.options["update_id"], expire=seconds, **{**given, **kwargs})
