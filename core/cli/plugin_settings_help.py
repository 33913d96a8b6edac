"""The settings of plugins as help shows them: option, type, default, meaning, and where it is set."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from luigi.cli.layout import option_lines
from luigi.cli.plugin_inventory import DISABLED, examined, inventory
from luigi.configuration import get_config
from luigi.hookspecs import Provider
from luigi.plugin_settings import Option, options, section_of


def setting_lines(provider: Provider) -> Iterator[str]:
    """A line or two for each setting of the provider; its values are not shown, for they may be secrets."""
    if provider.settings is not None:
        section = section_read(provider)
        for option in options(provider.settings, section):
            yield from option_lines(f"{option.name}={option.kind}", _meaning(option, section))


def section_read(provider: Provider) -> str:
    """The configuration section of a provider's settings; empty when it has none."""
    named = provider.section or provider.name
    return "" if provider.settings is None else section_of(provider.settings, named)


def of_all_plugins(but: Collection[str] = ()) -> Iterator[str]:
    """The settings of every plugin that is not disabled, section by section, but for the sections in `but`.

    A plugin that cannot be loaded is named with what is wrong.
    """
    told: set[tuple[str, type | None]] = set()
    for standing in inventory():
        if standing.state == DISABLED:
            continue
        plugin = examined(standing)
        if plugin.problem is not None:
            yield from ("", f"{plugin.name}: {plugin.problem}")
        for provider in (one for offered in plugin.providers.values() for one in offered):
            section = section_read(provider)
            if section and section not in but and (section, provider.settings) not in told:
                told.add((section, provider.settings))
                yield from ("", f"[{section}] {provider.summary}".rstrip(), *setting_lines(provider))


def _meaning(option: Option, section: str) -> str:
    facts = ["secret"] if option.secret else []
    if option.default is None:
        facts.append("required")
    elif option.default not in ("", (), False):
        facts.append(f"default: {option.default}")
    origin = get_config().origin(section, option.name)
    if origin is not None:
        facts.append(f"set in {origin}")
    return f"{option.help} ({'; '.join(facts)})" if facts else option.help
