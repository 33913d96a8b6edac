"""What `kernel plugins show` says of a plugin: where it comes from, what it offers, what it needs, its settings."""

from __future__ import annotations

from collections.abc import Iterator

from luigi.cli.layout import option_lines, paragraph
from luigi.cli.plugin_checks import install_line, missing_modules, singular
from luigi.cli.plugin_inventory import Plugin
from luigi.cli.plugin_settings_help import section_read, setting_lines
from luigi.hookspecs import Provider


def page(plugin: Plugin) -> Iterator[str]:
    """The lines about a plugin."""
    yield from paragraph(f"{plugin.name}: {plugin.summary}" if plugin.summary else plugin.name)
    yield from option_lines("state", plugin.state)
    yield from option_lines("from", f"{plugin.source} ({plugin.package})" if plugin.package else plugin.source)
    if plugin.problem is not None:
        yield from option_lines("problem", str(plugin.problem))
        return
    yield from option_lines("hooks", ", ".join(plugin.hooks))
    for command in plugin.commands:
        yield from option_lines(f"command {command.name}", command.summary)
    for kind, providers in plugin.providers.items():
        for provider in providers:
            yield ""
            yield from _offered(singular(kind), provider)


def _offered(kind: str, provider: Provider) -> Iterator[str]:
    yield from paragraph(f"{kind} {provider.name}: {provider.summary}")
    if provider.needs:
        yield from option_lines("needs", ", ".join(_needs(provider)))
    if provider.settings is not None:
        yield f"  settings in the section [{section_read(provider)}]:"
        yield from (f"  {line}" for line in setting_lines(provider))


def _needs(provider: Provider) -> Iterator[str]:
    missing = missing_modules(provider.needs)
    for module in provider.needs:
        yield f"{module} (missing)" if module in missing else f"{module} (installed)"
    if missing and provider.extra:
        yield install_line(provider.extra)
