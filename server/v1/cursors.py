"""Where a page of a list ended, as a text for whoever asks for the next one: versioned, and of one list."""

from __future__ import annotations

import re
from typing import Any, Final

from marshmallow import fields

from luigi.rpc.values import WrongField

VERSION: Final = 1
"""Of how the text is made: one that a later server cannot read is refused, not misread."""

ANY_NAME: Final = ("utf-16-be", "surrogatepass")
"""How names are encoded: JSON can have any character in them, and halves of some; and all that is written is a name."""


def numbered(kind: str, after: int | None) -> str | None:
    """The cursor for what comes behind a number; None behind the last."""
    return None if after is None else f"{kind}{VERSION}.{after}"


def named(kind: str, after: str | None) -> str | None:
    """The cursor for what comes behind a name; None behind the last."""
    return None if after is None else f"{kind}{VERSION}.{after.encode(*ANY_NAME).hex()}"


class Cursor(fields.Field[Any]):
    """The cursor that a page before gave. Gives None where there is none."""

    pattern = ""
    """Of what stands behind the kind."""

    def __init__(self, kind: str) -> None:
        self._kind, whole = kind, f"{kind}{VERSION}\\.({self.pattern})"
        self._whole: Final = re.compile(whole)
        about = {"type": "string", "pattern": f"^{whole}$", "description": "`next` of the page before"}
        super().__init__(load_default=None, metadata=about)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        found = self._whole.fullmatch(value)
        if found is None:
            raise WrongField(attr or "", f"`next` of an earlier page of {self._kind}", value)
        return self._after(found.group(1))

    def _after(self, said: str) -> Any:
        raise NotImplementedError


class Numbered(Cursor):
    """Stands for a number."""

    pattern = "[0-9]{1,15}"

    def _after(self, said: str) -> int:
        return int(said)


class Named(Cursor):
    """Stands for a name."""

    pattern = "(?:[0-9a-f]{4}){0,2000}"

    def _after(self, said: str) -> str:
        return bytes.fromhex(said).decode(*ANY_NAME)
