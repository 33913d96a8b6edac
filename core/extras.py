"""Optional dependencies: imported where they are used, and named with their extra where they are missing."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from luigi.errors import MissingExtra


def need(module: str, extra: str, what: str = "") -> ModuleType:
    """Import `module`, which `pip install "luigi-kernel[extra]"` brings; `what` says in the error who needs it.

    Raises MissingExtra when it, or something it needs, is not installed.
    """
    try:
        return import_module(module)
    except ImportError as error:
        raise MissingExtra(what or module, extra) from error
