"""Who asks Dataproc: what the section says, or a service of Google's client that a program made itself."""

from __future__ import annotations

from typing import Any, Final

from luigi.contrib._dataproc.settings import DATAPROC, Settings, current
from luigi.contrib._google.client import GoogleClient
from luigi.contrib._google.connection import Connection
from luigi.contrib._google.errors import said_of


class DataprocClient(GoogleClient[Connection, Settings]):
    """What all tasks of this process ask by."""

    def __init__(self) -> None:
        super().__init__(None, None, "")
        self._given: Any = None

    def _settings(self) -> Settings:
        return current()

    def _connected(self, settings: Settings) -> Connection:
        return Connection(DATAPROC, settings, *self._made_of)

    def use(self, service: Any) -> None:
        """Ask by that service from now on, whose connection is its own; by what the section says again with None."""
        self._given = service

    @property
    def client(self) -> Any:
        """The service of Google's client. Raises MissingExtra."""
        return super().client if self._given is None else self._given

    @property
    def regions(self) -> Any:
        """What there is of it: every method takes a project and a region."""
        return self.client.projects().regions()

    def ask(self, what: str, request: Any) -> Any:
        """The answer to a request of `client`, after trying again. Raises as `said_of` does."""
        if self._given is None:
            return self._connection.ask(what, request)
        with said_of(what, DATAPROC):
            return request.execute(num_retries=self._settings().retries)

    def ask_once(self, what: str, request: Any) -> Any:
        """The same, for what has no time."""
        if self._given is None:
            return self._connection.ask_once(what, request)
        with said_of(what, DATAPROC):
            return request.execute()


CLIENT: Final = DataprocClient()
