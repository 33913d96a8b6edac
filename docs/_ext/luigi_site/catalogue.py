"""What comes along with the kernel: its own parts, the bundled plugins and the extras, as the entry points tell."""

from __future__ import annotations

from functools import cache
from importlib.metadata import distribution
from typing import NamedTuple

from luigi import plugin_settings
from luigi.hookspecs import KINDS, Provider
from luigi.plugin_loading import Found, known
from luigi.plugin_manager import PluginManager

PACKAGE = "luigi-kernel"
DEVELOPERS = {"all", "dev", "docs", "test"}
"""Extras that bring no plugin."""


class Offered(NamedTuple):
    """Something that comes along."""

    kind: str
    provider: Provider


@cache
def offered() -> tuple[Offered, ...]:
    """What the kernel and its bundled plugins offer, by kind and name."""
    manager = PluginManager.with_installed()
    bundled = {found.name for found in known() if _brought_by(found) == PACKAGE} | {"defaults"}
    return tuple(
        Offered(kind, provider)
        for kind in KINDS
        if kind != "commands"
        for _, (plugin, provider) in sorted(manager.offered(kind).items())
        if plugin in bundled
    )


def _brought_by(found: Found) -> str:
    return found.package.partition("-")[0].replace("_", "-")  # luigi_kernel-4.0, or luigi_kernel in a clone


def commands() -> dict[str, str]:
    """The commands of `kernel`: name → what it does. The site is built where nothing else is installed."""
    return {one.name: one.summary for one in PluginManager.with_installed().commands()}


def sections() -> dict[str, list[plugin_settings.Option]]:
    """The configuration sections of what comes along, with their options."""
    return {
        plugin_settings.section_of(one.settings, one.section or one.name): plugin_settings.options(
            one.settings, one.section or one.name
        )
        for _, one in offered()
        if one.settings is not None
    }


def extras() -> dict[str, list[str]]:
    """The extras of users: name → the packages that pip then installs as well."""
    package = distribution(PACKAGE)
    found: dict[str, list[str]] = {
        name: [] for name in package.metadata.get_all("Provides-Extra") or () if name not in DEVELOPERS
    }
    for requirement in package.requires or ():
        needed, _, marker = requirement.partition(";")
        name = marker.partition("extra ==")[2].strip(" \"'")
        if name in found:
            found[name].append(needed.strip())
    return found
