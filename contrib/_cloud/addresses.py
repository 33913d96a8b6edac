"""Where an object is: in a bucket, under a key; a directory is how the keys of objects begin."""

from __future__ import annotations

from typing import NamedTuple


class Address(NamedTuple):
    """Where something is. The key is empty for the bucket itself."""

    bucket: str
    key: str

    @property
    def folder(self) -> str:
        """How the keys of all that is in that directory begin."""
        return f"{self.key}/" if self.key and not self.key.endswith("/") else self.key

    @property
    def name(self) -> str:
        """The last part of the key; empty for a directory that says so by its slash."""
        return self.key.rpartition("/")[2]

    @property
    def is_flag(self) -> bool:
        """Whether it tells something of its neighbours, as `_SUCCESS` does: in Hadoop's way, by its first letter."""
        return self.name.startswith("_")
