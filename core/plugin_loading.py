"""Which plugins a process is to load: what is installed, less what the configuration disables, and what it names.

An entry point's name says when its plugin is loaded:

    NAME            with every run and command
    KIND.NAME       when something of that kind is looked for (`notifiers.slack`); it implements that hook alone

`[core] plugins` names more: importable modules and paths of Python files, relative to the working directory.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from luigi.entry_points import installed
from luigi.errors import KernelError, PluginError
from luigi.hookspecs import KINDS


class Found(NamedTuple):
    """A plugin that is there and not loaded yet."""

    name: str
    source: str
    """Where it comes from: what the entry point names, a module, or a file."""
    importing: Callable[[], object]
    kind: str = ""
    """The one kind of things it offers, when it can wait until somebody asks for that."""
    package: str = ""
    """The installed package that brings it, with its version."""

    def load(self) -> object:
        """Import it. Raises PluginError naming it."""
        try:
            return self.importing()
        except KernelError:
            raise
        except Exception as error:
            hint = "uninstall or upgrade the package that brings it" if self.package else "see [core] plugins"
            place = "" if self.source == self.name else f" ({self.source})"
            raise PluginError(f"plugin {self.name}{place} cannot be loaded: {error!r}", hint=hint) from error


class Wanted(NamedTuple):
    """What a manager is to load, and whom it believes."""

    found: Sequence[Found] = ()
    preferred: Sequence[str] = ()
    """Plugins that win where two offer one name, the best first."""
    observers: Sequence[str] = ()
    """What `luigi_observers` offers that is to watch."""


def wanted() -> Wanted:
    """What is installed and configured in this process. Raises PluginError for names that nothing has."""
    named, disabled, preferred, observers = choices()
    found = [*known(), *(_named(name) for name in named)]
    return Wanted([one for one in found if one.name not in disabled], preferred, observers)


def known() -> Iterator[Found]:
    """Every installed plugin, whether it is to be loaded or not."""
    for entry_point in installed():
        first, dot, _ = entry_point.name.partition(".")
        kind = first if dot and first in KINDS else ""
        yield Found(entry_point.name, entry_point.value, entry_point.load, kind, entry_point.package)


def choices() -> tuple[tuple[str, ...], ...]:
    """What `[core]` names in `plugins`, `disabled_plugins`, `preferred_plugins` and `observers`."""
    return tuple(_listed(option) for option in ("plugins", "disabled_plugins", "preferred_plugins", "observers"))


def _named(name: str) -> Found:
    if name.endswith(".py"):
        return Found(os.path.basename(name).removesuffix(".py"), name, lambda: _from_file(name))
    return Found(name, name, lambda: _from_module(name))


def _from_module(name: str) -> object:
    from importlib import import_module

    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{name}.".startswith(f"{error.name}."):
            raise
        raise PluginError(
            f"[core] plugins names {name}, and there is no such module",
            hint="name an importable module or a file ending with .py; installed plugins need not be named",
        ) from error


def _from_file(path: str) -> object:
    from importlib.util import module_from_spec, spec_from_file_location

    if not os.path.exists(path):
        raise PluginError(f"[core] plugins names {path}, which does not exist", hint=f"looked for in {os.getcwd()}")
    spec = spec_from_file_location(os.path.basename(path).removesuffix(".py"), path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _listed(option: str) -> tuple[str, ...]:
    from luigi.configuration import get_config
    from luigi.configuration.kinds import TEXT_LIST

    return tuple(TEXT_LIST.read(get_config().get("core", option, "")))
