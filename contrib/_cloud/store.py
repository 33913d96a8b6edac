"""ObjectStore: the few questions and orders that a service of objects has to understand."""

from __future__ import annotations

import abc
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from luigi.contrib._cloud.addresses import Address


class Page(NamedTuple):
    """Some of what a listing shows."""

    names: Sequence[str]
    """Keys of objects; and beginnings of keys up to the delimiter, where one was asked for."""
    is_last: bool


class ObjectStore(metaclass=abc.ABCMeta):
    """A service that keeps objects in buckets. Its methods may be called from several threads.

    They raise NoBucket, Refused, Unreachable, and what its client raises beside.
    """

    @abc.abstractmethod
    def has_bucket(self, bucket: str) -> bool:
        """Whether there is that bucket."""

    @abc.abstractmethod
    def has(self, address: Address) -> bool:
        """Whether there is an object of that very key. A bucket that is not there may be answered by False."""

    @abc.abstractmethod
    def pages(self, bucket: str, prefix: str, delimiter: str = "", size: int = 1000) -> Iterator[Page]:
        """What begins with `prefix`, at most `size` at a time. Raises NoBucket."""

    @abc.abstractmethod
    def written_at(self, address: Address) -> float | None:
        """When that very object was last written, in seconds since the epoch; None where there is none."""

    @abc.abstractmethod
    def times(self, bucket: str, prefix: str) -> Iterator[float]:
        """When each object that begins with `prefix` was last written. Raises NoBucket."""

    @abc.abstractmethod
    def mark(self, address: Address) -> None:
        """Put an empty object of the directory's name with a slash: there is that directory."""

    @abc.abstractmethod
    def delete(self, bucket: str, keys: Sequence[str]) -> None:
        """Remove objects. One that is gone already is no error."""

    @abc.abstractmethod
    def copy(self, source: Address, destination: Address, replace: bool) -> None:
        """Copy an object within the service. Raises FileNotFoundException.

        Raises FileAlreadyExists unless `replace` when there is an object already, also one that came just now.
        """
