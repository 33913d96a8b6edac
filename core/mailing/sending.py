"""The way to the plugin that sends e-mail."""

from __future__ import annotations

from luigi.plugin_manager import PluginManager, in_use
from luigi.telling import Mailer


def mailer(method: str, plugins: PluginManager | None = None) -> Mailer:
    """The mailer of that name: among `plugins`, those of the run that goes on here, or else the installed ones.

    Raises PluginError when there is none or it cannot be made, MissingExtra for a package that is not installed.
    """
    found = plugins or in_use.get() or PluginManager.with_installed()
    return found.make("mailers", method)  # type: ignore[no-any-return]
