"""Targets in MongoDB by URL: `luigi.open_target("mongodb://host:27017/shop?collection=orders")`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from luigi.contrib._stores.addresses import NoAddress, StoreUrl
from luigi.contrib.mongodb import MongoCellTarget, MongoCollectionTarget, MongoCountTarget, MongoTarget
from luigi.extras import need
from luigi.hookspecs import Provider, hookimpl
from luigi.plugin_settings import setting

EXAMPLE = "mongodb://host:27017/shop?collection=orders&document=2026&path=totals.sum"
OPTIONS = ("collection", "document", "path", "count")


@dataclass(frozen=True)
class Settings:
    """The section `[mongodb]`."""

    password: str = setting("", help="of the user in a URL", secret=True)
    timeout: float = setting(10.0, help="seconds until a server that is silent is given up")


@hookimpl
def luigi_targets() -> Iterator[Provider]:
    """A collection in MongoDB, its number of documents, or a value in one of them."""
    yield Provider(
        "mongodb", target, "a collection in MongoDB, or a value in it", Settings, extra="mongodb", needs=("pymongo",)
    )
    summary = "the same, the hosts being found by DNS"
    yield Provider("mongodb+srv", target, summary, Settings, "mongodb", extra="mongodb", needs=("pymongo",))


def target(url: str, settings: Settings) -> MongoTarget:
    """The target: with `document` and `path` a value, with `count` a number of documents, else the collection itself.

    Other options of the URL are those of MongoDB's own URLs. Raises NoAddress.
    """
    address = StoreUrl.of(url, ["collection"], EXAMPLE)
    said = {name: address.options.pop(name) for name in OPTIONS if name in address.options}
    if not address.name:
        raise NoAddress(f"{url} says no database", hint=f"such as {EXAMPLE}")
    place = connected(os.getpid(), address.scheme, address.hosts, address.user, settings, urlencode(address.options))
    what = place, address.name, said.pop("collection")
    match sorted(said):
        case []:
            return MongoCollectionTarget(*what)
        case ["count"] if said["count"].isdecimal():
            return MongoCountTarget(*what, int(said["count"]))
        case ["document", "path"]:
            return MongoCellTarget(*what, said["document"], said["path"])
    hint = f"collection alone, with count, a whole number, or with document and path: {EXAMPLE}"
    raise NoAddress(f"{url} does not say what is meant", hint=hint)


@lru_cache(maxsize=64)
def connected(process: int, scheme: str, hosts: str, user: str, settings: Settings, options: str) -> Any:
    """A client, made once for a server and a process: one that a child inherits is of no use to it."""
    seconds = int(settings.timeout * 1000)
    waits = {"serverSelectionTimeoutMS": seconds, "connectTimeoutMS": seconds, "socketTimeoutMS": seconds}
    who = {"username": user, "password": settings.password} if user else {}
    client = need("pymongo", "mongodb", "luigi.contrib.mongodb").MongoClient
    return client(f"{scheme}://{hosts}/?{options}", **waits, **who)
