"""A client of one of Google's services that can be kept, pickled and forked: it connects where it is used."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from typing import Any, Generic, TypeVar

from luigi.contrib._google.connection import Connection
from luigi.contrib._google.settings import Account

C = TypeVar("C", bound=Connection)
S = TypeVar("S", bound=Account)


class GoogleClient(ABC, Generic[C, S]):
    """What says who asks, and a connection of this process. It can be pickled if what it was made of can.

    `oauth_credentials` are of google-auth, `http_` is a connection in their place, `descriptor` the text of a discovery
    document, and `options` are keywords of `googleapiclient.discovery.build`.
    """

    def __init__(self, oauth_credentials: Any, http_: Any, descriptor: str, **options: Any) -> None:
        self._made_of = (oauth_credentials, http_, descriptor, options)
        self._connections: dict[tuple[int, S], C] = {}

    @abstractmethod
    def _settings(self) -> S:
        """The section as it is configured now."""

    @abstractmethod
    def _connected(self, settings: S) -> C:
        """A connection, of `_made_of`."""

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "_connections": {}}

    @property
    def client(self) -> Any:
        """The service of Google's client."""
        return self._connection.service

    @property
    def _connection(self) -> C:
        """That of this process, as it is configured now: a child must not read its parent's answers."""
        key = (os.getpid(), self._settings())
        if key not in self._connections:
            self._connections = {key: self._connected(key[1])}
        return self._connections[key]
