"""What can go wrong with a store, in our words. What its client said is the cause."""

from __future__ import annotations

from luigi.errors import KernelError

LONGEST = 300
"""Characters of what a client says: some say all they know."""


class StoreError(KernelError):
    """A store does not do as asked. `__cause__` is the client's error."""


class StoreAway(StoreError, ConnectionError):
    """A store does not answer."""

    def __init__(self, place: object, said: object) -> None:
        super().__init__(f"{place} does not answer: {one_line(said)}")
        self.hint = "see whether the server runs there, and whether host and port are right"


class StoreRefused(StoreError, PermissionError):
    """A store does not let this user do that."""

    def __init__(self, place: object, said: object) -> None:
        super().__init__(f"{place} refuses: {one_line(said)}")
        self.hint = "see whether user and password are right, and what that user may do"


def one_line(said: object) -> str:
    """A message of several lines in one, cut where it is very long."""
    line = " ".join(str(said).split()) or type(said).__name__
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"
