"""`kernel plugins`: which plugins there are, what one of them is, and whether all can do what they are for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from luigi.errors import KernelError, did_you_mean

if TYPE_CHECKING:
    from luigi.cli.plugin_checks import Verdict
    from luigi.cli.plugin_inventory import Plugin
    from luigi.hookspecs import Provider

PROGRAM = "kernel plugins"
ABOUT = """\
list           every plugin, whether runs get it, and what it offers
show NAME      what a plugin is, and every setting it has
check [NAME]   load all, or those named, look for what they need, and run their self-tests
"""


class UnknownPlugin(KernelError):
    """No plugin, and nothing that a plugin offers, has that name."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(f"there is no plugin {name!r}")
        self.hint = did_you_mean(name, known) or f"{PROGRAM} list shows all there are"


def main(argv: list[str]) -> int:
    """Carry out what `argv` says. The exit code: 1 when `check` found something wrong.

    Raises UsageError and UnknownPlugin.
    """
    from luigi.cli.arguments import Arguments

    arguments = Arguments(PROGRAM, ABOUT)
    arguments.add_argument("act", choices=("list", "show", "check"), nargs="?", default="list")
    arguments.add_argument("names", metavar="NAME", nargs="*", help="a plugin, or what one offers: slack")
    asked = arguments.parse_args(argv)
    if asked.act == "check":
        return _check(asked.names)
    if asked.act == "show" and not asked.names:
        arguments.error("show needs the name of a plugin")
    if asked.act == "list" and asked.names:
        arguments.error(f"list takes no names: {PROGRAM} show {' '.join(asked.names)}")
    _print(_shown(asked.names) if asked.act == "show" else _listed())
    return 0


def _named(names: Sequence[str]) -> Iterator[Plugin]:
    """The plugins that go by these names, or else offer something of the name. Raises UnknownPlugin."""
    from luigi.cli.plugin_inventory import examined, inventory, short_name

    there = inventory()
    for name in names:
        found = [one for one in there if name in (one.found.name, short_name(one.found.name))]
        plugins = [examined(one) for one in found] or [one for one in map(examined, there) if name in _offered(one)]
        if not plugins:
            raise UnknownPlugin(name, [short_name(one.found.name) for one in there])
        yield from plugins


def _offered(plugin: Plugin) -> list[str]:
    named = [provider.name for providers in plugin.providers.values() for provider in providers]
    return [*named, *(command.name for command in plugin.commands)]


def _shown(names: Sequence[str]) -> Iterator[str]:
    from luigi.cli.plugin_page import page

    for place, plugin in enumerate(_named(names)):
        if place:
            yield ""
        yield from page(plugin)


def _print(lines: Iterator[str]) -> None:
    print("\n".join(lines))


# --- list ----------------------------------------------------------------------------------------------------------


def _listed() -> Iterator[str]:
    from luigi.cli.plugin_inventory import inventory, overview

    rows = [overview(standing) for standing in inventory()]
    yield from table([(row.name, row.state, offer(row)) for row in rows])


def offer(plugin: Plugin) -> str:
    """What a plugin offers, in a line: kinds and names; its summary when it offers nothing by name."""
    from luigi.cli.plugin_checks import singular

    if plugin.problem is not None:
        return str(plugin.problem)
    offers = [f"{singular(kind)} {_names(providers)}" for kind, providers in plugin.providers.items()]
    if plugin.commands:
        offers.append(f"command {', '.join(command.name for command in plugin.commands)}")
    return "; ".join(offers) or plugin.summary or ", ".join(plugin.hooks)


def _names(providers: Sequence[Provider]) -> str:
    return ", ".join(provider.name for provider in providers)


def table(rows: Sequence[tuple[str, str, str]]) -> Iterator[str]:
    """Three columns, the last one wrapped to the width of the terminal."""
    from luigi.cli.layout import paragraph

    first, second = (max(len(row[column]) for row in rows) + 2 for column in (0, 1))
    for name, state, text in rows:
        lines = list(paragraph(text, first + second))
        yield f"{name.ljust(first)}{state.ljust(second)}{lines[0][first + second :]}".rstrip()
        yield from lines[1:]


# --- check ---------------------------------------------------------------------------------------------------------


def _check(names: Sequence[str]) -> int:
    """Plugins that are named must be ready; of all there are, nothing may fail."""
    from luigi.cli.plugin_checks import FAILED, READY, together, verdicts
    from luigi.cli.plugin_inventory import DISABLED, OFF, inventory, overview

    if names:
        judged = [verdict for plugin in _named(names) for verdict in verdicts(plugin)]
        good = all(verdict.state == READY for verdict in judged)
    else:
        running = [plugin for plugin in map(overview, inventory()) if plugin.state not in (OFF, DISABLED)]
        judged = [verdict for plugin in running for verdict in verdicts(plugin)]
        good = all(verdict.state != FAILED for verdict in judged)
        if good:  # a plugin that fails alone would fail the others too
            judged += together()
            good = all(verdict.state != FAILED for verdict in judged)
    _print(_told(judged))
    return 0 if good else 1


def _told(judged: Sequence[Verdict]) -> Iterator[str]:
    yield from table([(one.about, one.state, _sentence(one)) for one in judged])
    counted = Counter(one.state for one in judged)
    yield ", ".join(f"{count} {state}" for state, count in counted.items())


def _sentence(verdict: Verdict) -> str:
    return f"{verdict.sentence}: {verdict.hint}" if verdict.hint else verdict.sentence
