"""Every plugin there is, loaded or not, each looked at alone: one that is broken hides no other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from luigi import plugin_loading
from luigi.errors import KernelError, PluginError
from luigi.hookspecs import KINDS, PROJECT, Command, Hooks, Provider
from luigi.plugin_loading import Found
from luigi.plugin_manager import PluginManager
from luigi.plugin_settings import options

ON = "on"
OFF = "off"
DISABLED = "disabled"
BROKEN = "broken"


class Standing(NamedTuple):
    """A plugin that is there, and whether runs get it: ON or DISABLED."""

    found: Found
    state: str


@dataclass(frozen=True, slots=True)
class Plugin:
    """What a plugin turned out to be. One that could not be loaded has a `problem`, and nothing else to say."""

    name: str
    state: str
    """ON; OFF for observers that nobody asks for; DISABLED; BROKEN for one that runs would get, and that fails."""
    source: str
    """The module or file it comes from."""
    package: str = ""
    """The installed package that brings it, with its version."""
    summary: str = ""
    """The first line of its docstring."""
    hooks: Sequence[str] = ()
    """Those that it implements."""
    providers: Mapping[str, Sequence[Provider]] = field(default_factory=dict)
    """What it offers: kind → providers."""
    commands: Sequence[Command] = ()
    problem: KernelError | None = None


def inventory() -> list[Standing]:
    """All plugins: the kernel's own first, then by name. Raises ConfigurationError for files that cannot be read."""
    wanted = [Standing(found, ON) for found in plugin_loading.wanted().found]
    on = {(found.source, found.package) for found, _ in wanted}
    rest = [Standing(found, DISABLED) for found in plugin_loading.known() if (found.source, found.package) not in on]
    return [Standing(_own(), ON), *sorted([*wanted, *rest], key=lambda standing: standing.found.name)]


def _own() -> Found:
    from importlib import import_module

    return Found("defaults", "luigi.defaults", lambda: import_module("luigi.defaults"))


def short_name(plugin: str) -> str:
    """`slack` of `notifiers.slack`: what is left without the kind that says when it is loaded."""
    first, _, rest = plugin.partition(".")
    return rest if rest and first in KINDS else plugin


def overview(standing: Standing) -> Plugin:
    """As `examined`, but a disabled plugin is not loaded: it may be disabled because it cannot be."""
    found, state = standing
    return Plugin(found.name, state, found.source, found.package) if state == DISABLED else examined(standing)


def examined(standing: Standing) -> Plugin:
    """Load the plugin alone and see what it is. Never raises: what the plugin's own code raises is its `problem`."""
    found, state = standing
    try:
        plugin = found.load()
        manager = PluginManager()
        manager.register(plugin, found.name)
        providers = _providers(manager)
        commands = tuple(manager.commands())
    except (Exception, SystemExit) as error:
        state = BROKEN if state == ON else state
        return Plugin(found.name, state, found.source, found.package, problem=_in_words(found.name, error))
    return Plugin(
        name=found.name,
        state=OFF if state == ON and _only_waits(providers, commands) else state,
        source=found.source,
        package=found.package,
        summary=_first_line(plugin),
        hooks=tuple(_hooks(plugin)),
        providers=providers,
        commands=commands,
    )


def _providers(manager: PluginManager) -> dict[str, Sequence[Provider]]:
    """What is offered, by kind. Raises whatever keeps somebody from reading on what it is."""
    offers = {kind: tuple(manager.providers(kind).values()) for kind in KINDS if kind != "commands"}
    for provider in (one for offered in offers.values() for one in offered):
        if provider.settings is not None:
            options(provider.settings, provider.section or provider.name)
    return {kind: offered for kind, offered in offers.items() if offered}


def _in_words(name: str, error: BaseException) -> KernelError:
    return error if isinstance(error, KernelError) else PluginError(f"plugin {name} cannot be used: {error!r}")


def _only_waits(providers: Mapping[str, Sequence[Provider]], commands: Sequence[Command]) -> bool:
    """Whether all it offers are observers, and `[core] observers` names none of them."""
    if list(providers) != ["observers"] or commands:
        return False
    return {provider.name for provider in providers["observers"]}.isdisjoint(plugin_loading.wanted().observers)


def _first_line(plugin: Any) -> str:
    return (plugin.__doc__ or "").strip().partition("\n")[0]


def _hooks(plugin: object) -> Iterator[str]:
    import pluggy

    read = pluggy.PluginManager(PROJECT)
    for name in vars(Hooks):
        if name.startswith("luigi_") and hasattr(plugin, name) and read.parse_hookimpl_opts(plugin, name) is not None:
            yield name
