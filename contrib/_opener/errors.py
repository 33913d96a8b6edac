"""What goes wrong when a target is opened by its address."""

from __future__ import annotations

from collections.abc import Iterable

from luigi.errors import did_you_mean
from luigi.target import FileSystemException


class OpenerError(FileSystemException):
    """A target cannot be opened by its address."""


class NoOpenerError(OpenerError):
    """Nothing opens targets of that scheme."""

    def __init__(self, name: str, known: Iterable[str] = ()) -> None:
        known = sorted(known)
        super().__init__(f"No opener for {name}")
        self.hint = did_you_mean(name, known) or f"there are: {', '.join(known) or 'none'}"


class InvalidQuery(OpenerError, ValueError):
    """What stands behind the question mark of an address cannot be read."""

    def __init__(self, name: str) -> None:
        super().__init__(f"the value of {name} in the query is not JSON", hint="such as true, 5 or %22text%22")


class InvalidAddress(OpenerError, ValueError):
    """An address is not written as URLs are. It is not repeated: there may be a password in it."""

    def __init__(self, scheme: str, why: ValueError) -> None:
        super().__init__(f"a {scheme} address cannot be read: {why}")
