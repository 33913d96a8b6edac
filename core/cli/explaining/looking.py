"""What a command that only looks has around it: plugins and checks as a run has, and nothing that tells or writes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from luigi.configuration import get_config

if TYPE_CHECKING:
    from luigi.plugin_manager import PluginManager
    from luigi.worker.checks.checking import Checking


@contextmanager
def looking() -> Iterator[PluginManager]:
    """The plugins of a run, in use meanwhile, but for those that only watch when they are asked to.

    Raises ConfigurationError and PluginError for what would stop a run.
    """
    from luigi.configuration.check import check
    from luigi.plugin_loading import wanted
    from luigi.plugin_manager import PluginManager

    check(get_config())
    plugins = PluginManager.loading(wanted()._replace(observers=()))
    plugins.configure(get_config())
    with plugins.put_to_use():
        yield plugins


@contextmanager
def checking(plugins: PluginManager) -> Iterator[Checking]:
    """How tasks are checked, many at once where that is cheaper: what `luigi.graph.discover` takes."""
    from luigi.defaults import luigi_is_complete
    from luigi.worker.checks.checking import Checking

    checks = Checking(plugins.step("luigi_is_complete", luigi_is_complete))
    try:
        yield checks
    finally:
        checks.close()
