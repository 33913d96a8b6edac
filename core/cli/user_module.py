"""Import the module that a user names, and say whose mistake it is when that fails."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys

from luigi.errors import KernelError


class ModuleMissing(KernelError, ModuleNotFoundError):
    """There is no module of that name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"there is no module {name!r}")
        self.name = name
        self.hint = _where_it_may_be(name)


class ModuleBroken(KernelError, ImportError):
    """The module was found, and raised while it was imported. The cause is what it raised."""

    def __init__(self, name: str, cause: BaseException) -> None:
        super().__init__(f"module {name!r} failed while it was imported: {type(cause).__name__}: {cause}")
        self.name = name
        self.hint = "the traceback above is the module's own"


def import_user_module(name: str) -> None:
    """Import `name`. Raises ModuleMissing, or ModuleBroken from whatever the module raised."""
    try:
        importlib.import_module(name)
    except ModuleNotFoundError as error:
        if _is_itself(error.name, name):
            raise ModuleMissing(name) from None
        raise ModuleBroken(name, error) from error
    except Exception as error:
        raise ModuleBroken(name, error) from error


def _is_itself(missing: str | None, wanted: str) -> bool:
    """Whether what was not found is the wanted module or a package it is said to be in."""
    return missing is not None and (missing == wanted or wanted.startswith(f"{missing}."))


def _where_it_may_be(name: str) -> str:
    if name.endswith(".py") or os.sep in name:
        return f"name the module, not the file: {name.removesuffix('.py').strip('./').replace(os.sep, '.')}"
    here = os.getcwd()
    path = os.path.join(here, *name.split("."))
    if (os.path.isfile(f"{path}.py") or os.path.isdir(path)) and here not in _search_path():
        return f"it is in {here}, which Python does not search: PYTHONPATH=. luigi …, or kernel run"
    return "is its directory in PYTHONPATH?"


def _search_path() -> list[str]:
    return [os.path.abspath(entry) for entry in sys.path]
