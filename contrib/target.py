"""CascadingClient: several clients of one file system, of which the next is asked when one fails."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from functools import partial
from typing import Any

from luigi.errors import KernelError
from luigi.target import FileAlreadyExists, MissingParentDirectory, NotADirectory

logger = logging.getLogger("luigi-interface")

ANSWERS = (FileAlreadyExists, MissingParentDirectory, NotADirectory)
"""Refusals: no other client of the same file system would say otherwise."""


class NoClients(KernelError, ValueError):
    """A cascade was made of nothing."""

    def __init__(self) -> None:
        super().__init__("a CascadingClient needs at least one client", hint="CascadingClient([first, second])")


class CascadingClient:
    """A client with the methods `method_names`, each of which asks the `clients` in their order until one succeeds.

    One that lacks a method counts as failing. When the last one fails, too, its error is raised, with the others' in
    its notes; FileAlreadyExists, MissingParentDirectory and NotADirectory are raised at once. Beware of what cannot be
    done twice: a client that has moved a file and then lost its connection has failed. Raises NoClients.
    """

    # What the file systems of Luigi have; not all of it is there in each of them.
    ALL_METHOD_NAMES = (
        *("exists", "rename", "remove", "chmod", "chown", "count", "copy", "get", "put", "mkdir", "list", "listdir"),
        *("getmerge", "isdir", "move", "rename_dont_move", "touchz"),
    )

    def __init__(self, clients: Iterable[Any], method_names: Iterable[str] | None = None) -> None:
        self.clients = list(clients)
        if not self.clients:
            raise NoClients
        for name in self.ALL_METHOD_NAMES if method_names is None else method_names:
            setattr(self, name, partial(self._first_answer, name))

    def _first_answer(self, name: str, *args: Any, **kwargs: Any) -> Any:
        *others, last = self.clients
        failed: list[str] = []
        for client in others:
            try:
                return getattr(client, name)(*args, **kwargs)
            except ANSWERS:
                raise
            except Exception as error:  # a client may fail by any, that is what the next one is for
                failed.append(f"{type(client).__name__} failed to {name}: {type(error).__name__}: {error}")
                logger.warning("%s; the next client is asked", failed[-1])
        try:
            return getattr(last, name)(*args, **kwargs)
        except Exception as error:
            for note in failed:
                error.add_note(note)
            raise
