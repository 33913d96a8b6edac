"""Optional dependencies: imported where they are used, and named with their extra where they are missing."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import NoReturn

from luigi.errors import MissingExtra


def need(module: str, extra: str, what: str = "") -> ModuleType:
    """Import `module`, which `pip install "luigi-kernel[extra]"` brings; `what` says in the error who needs it.

    Raises MissingExtra when it, or something it needs, is not installed.
    """
    try:
        return import_module(module)
    except ImportError as error:
        raise MissingExtra(what or module, extra) from error


class Absent:
    """Stands for a module that is not installed, or what is of one: whoever uses it hears which extra brings it."""

    def __init__(self, error: MissingExtra) -> None:
        self._error = error

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("__"):  # who only looks at the object does not use the module
            raise AttributeError(name)
        raise self._error
