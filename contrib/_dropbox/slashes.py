"""Paths of Dropbox begin with a slash and end with none; decorators for methods that shall take them otherwise."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from luigi.contrib._cloud.errors import NoAddress

Method = TypeVar("Method", bound=Callable[..., Any])


def accept_trailing_slash(func: Method) -> Method:
    """Have a method with a path first be called without the slash at its end."""

    @wraps(func)
    def wrapped(self: Any, path: str, *args: Any, **kwargs: Any) -> Any:
        return func(self, _without(path), *args, **kwargs)

    return wrapped  # type: ignore[return-value]


def accept_trailing_slash_in_existing_dirpaths(func: Method) -> Method:
    """The same, but only for a directory that exists, which costs a question: a file has no slash at its end."""

    @wraps(func)
    def wrapped(self: Any, path: str, *args: Any, **kwargs: Any) -> Any:
        is_directory = path != _without(path) and self.isdir(path)
        return func(self, _without(path) if is_directory else path, *args, **kwargs)

    return wrapped  # type: ignore[return-value]


def as_asked(path: str) -> str:
    """A path in Dropbox's words, in which the root is empty. Raises NoAddress."""
    if path and not path.startswith("/"):
        raise NoAddress(path, "anything in Dropbox", "/folder/name")
    return "" if path == "/" else path


def _without(path: str) -> str:
    return path[:-1] if path.endswith("/") and path != "/" else path
