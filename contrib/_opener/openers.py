"""Who makes the target of an address: one class for each kind, which take their options out of its query."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, ClassVar
from urllib.parse import parse_qsl

from luigi.contrib._opener.errors import InvalidQuery
from luigi.local_target import LocalTarget
from luigi.mock import MockTarget
from luigi.target import Target

CONNECTION = frozenset(
    ("aws_access_key_id", "aws_secret_access_key", "aws_session_token", "profile_name", "region_name", "endpoint_url")
)
"""Options of the section `[s3]` that an address may have, for a client of its own."""


class Opener:
    """Makes targets of the schemes `names`. Subclasses give `get_target`.

    `allowed_kwargs` are the options an address may have in its query, and whether their values are JSON rather than
    text; others are left out when `filter_kwargs`, else they are text.
    """

    names: ClassVar[Sequence[str]] = ()
    allowed_kwargs: ClassVar[Mapping[str, bool]] = MappingProxyType({})
    filter_kwargs: ClassVar[bool] = True

    @classmethod
    def conform_query(cls, query: str) -> dict[str, Any]:
        """The options in a query, by name. The first of a name counts; one without a value is true.

        Raises InvalidQuery.
        """
        options: dict[str, Any] = {}
        for name, text in parse_qsl(query, keep_blank_values=True):
            if name not in options and (name in cls.allowed_kwargs or not cls.filter_kwargs):
                options[name] = cls._value(name, text or "true")
        return options

    @classmethod
    def _value(cls, name: str, text: str) -> Any:
        if not cls.allowed_kwargs.get(name):
            return text
        try:
            return json.loads(text)
        except ValueError as error:
            raise InvalidQuery(name) from error

    @classmethod
    def get_target(
        cls,
        scheme: str,
        path: str,
        fragment: str,
        username: str | None,
        password: str | None,
        hostname: str | None,
        port: int | None,
        query: Mapping[str, Any],
        **kwargs: Any,
    ) -> Target:
        """The target of an address with these parts. `query` is that of `conform_query`, `kwargs` the program's."""
        raise NotImplementedError(f"{cls.__name__} has no get_target()")


class _PathOpener(Opener):
    """Of targets that are at a path, host and all."""

    target: ClassVar[Callable[..., Target]]

    @classmethod
    def get_target(
        cls,
        scheme: str,
        path: str,
        fragment: str,
        username: str | None,
        password: str | None,
        hostname: str | None,
        port: int | None,
        query: Mapping[str, Any],
        **kwargs: Any,
    ) -> Target:
        """The target."""
        behind = f"#{fragment}" if fragment else ""  # it was taken apart as if it were a page's
        whole = (hostname or "") + path + behind
        return cls._made(scheme, whole, query, kwargs)

    @classmethod
    def _made(cls, scheme: str, path: str, query: Mapping[str, Any], kwargs: Mapping[str, Any]) -> Target:
        return cls.target(path, **{**query, **kwargs})


class MockOpener(_PathOpener):
    """`mock://foo/bar.txt`: a file in memory, for tests."""

    names = ("mock",)
    allowed_kwargs = MappingProxyType({"is_tmp": True, "mirror_on_stderr": True, "format": False})
    target = MockTarget


class LocalOpener(_PathOpener):
    """`file:///folder/file`, `file://relative/file` or just a path: a file of this machine."""

    names = ("file",)
    allowed_kwargs = MappingProxyType({"is_tmp": True, "format": False})
    target = LocalTarget


class S3Opener(_PathOpener):
    """`s3://bucket/key`: an object in S3.

    In its query are options of the upload, such as `ContentType`, and those of CONNECTION.
    """

    names = ("s3", "s3n")
    allowed_kwargs = MappingProxyType({"format": False, "client": True})
    filter_kwargs = False

    @classmethod
    def _made(cls, scheme: str, path: str, query: Mapping[str, Any], kwargs: Mapping[str, Any]) -> Target:
        from luigi.contrib.s3 import S3Client, S3Target

        connection = {name: value for name, value in query.items() if name in CONNECTION}
        options = {name: value for name, value in query.items() if name not in connection}
        if connection:
            options["client"] = S3Client(**connection)
        return S3Target(f"{scheme}://{path}", **{**options, **kwargs})
