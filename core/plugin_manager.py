"""Loads plugins, looks up what they provide, and tells those that watch, each in isolation.

Order: the kernel's own (`defaults.py`), then the installed ones (entry-point group `luigi`, by name), then what the
configuration names in `[core] plugins`, then objects a program passes, then what `[core] observers` names. Where two
answer a step or watch a moment, the
one loaded later comes first, unless an implementation is marked `tryfirst` or `trylast`.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Self

import pluggy

from luigi.errors import KernelError, PluginError, did_you_mean
from luigi.hookspecs import KINDS, PROJECT, Command, Hooks, Provider
from luigi.plugin_loading import Found, Wanted
from luigi.plugin_travel import Step, luggage, unpack

if TYPE_CHECKING:
    from luigi.watchers import Telling, Watchers

STEPS = ("luigi_is_complete", "luigi_run_task")
"""The hooks that can be wrapped: those that do something, rather than offer or tell."""


in_use: ContextVar[PluginManager | None] = ContextVar("luigi.plugin_manager.in_use", default=None)
"""The plugins of the run that goes on here, for code that nobody hands them to."""


def here() -> PluginManager:
    """The plugins of the run that goes on here, or else the installed ones."""
    from luigi.plugin_loading import choices

    return in_use.get() or _installed(tuple(sys.path), *choices())


@lru_cache(maxsize=1)
def _installed(*_: object) -> PluginManager:
    """Found once, as long as the same is installed and configured: a program may open thousands of targets."""
    return PluginManager.with_installed()


class PluginManager:
    """The plugins of one process or one run."""

    def __init__(self, wanted: Wanted | None = None) -> None:
        self._wanted = wanted or Wanted()
        self._pluggy = pluggy.PluginManager(PROJECT)
        self._pluggy.add_hookspecs(Hooks)
        self._configured_with: dict[str, Any] | None = None
        self._given: list[object] = []
        self._later: list[Found] = []

    def __reduce__(self) -> tuple[Any, ...]:
        """To another process travel the objects a program has passed; installed plugins are loaded anew there."""
        return unpack, (luggage(self._given), self._configured_with is not None)

    # --- loading -----------------------------------------------------------------------------------------------

    @classmethod
    def with_installed(cls, extra: Iterable[object] = ()) -> Self:
        """The kernel's own plugin, those installed and configured, and the objects in `extra`.

        Raises PluginError, naming the plugin, for one that cannot be loaded or implements a hook there is not.
        """
        from luigi.plugin_loading import wanted

        return cls.loading(wanted(), extra)

    @classmethod
    def loading(cls, wanted: Wanted, extra: Iterable[object] = ()) -> Self:
        """The kernel's own plugin, what is wanted, and the objects in `extra`. Raises PluginError."""
        from luigi import defaults

        manager = cls(wanted)
        manager.register(defaults, "defaults")
        for found in manager._wanted.found:
            if found.kind:
                manager._later.append(found)
            else:
                manager.register(found.load(), found.name)
        for plugin in extra:
            manager.register(plugin)
            manager._given.append(plugin)
        for name in manager._wanted.observers:
            taken = name in manager.names()
            manager.register(manager.make("observers", name), f"observer {name}" if taken else name)
        return manager

    def _load_kind(self, kind: str) -> None:
        """Load those installed plugins that offer only this kind, once somebody asks for it."""
        now = [found for found in self._later if found.kind == kind]
        self._later = [found for found in self._later if found.kind != kind]
        for found in now:
            plugin = found.load()
            self.register(plugin, found.name)
            others = {caller.name for caller in self._pluggy.get_hookcallers(plugin) or ()} - {f"luigi_{kind}"}
            if others:
                raise PluginError(
                    f"plugin {found.name} implements {', '.join(sorted(others))} too, and would be loaded too late",
                    hint=f"name its entry point without {kind}, so that it is loaded at once",
                )

    def load_all(self) -> None:
        """Load also what is otherwise loaded when somebody asks for its kind."""
        for kind in KINDS:
            self._load_kind(kind)

    def register(self, plugin: object, name: str | None = None) -> None:
        """Add one plugin: a module or an object. Raises PluginError when it is none or its hooks do not fit."""
        name = name or self._name_for(plugin)
        if isinstance(plugin, type):
            raise PluginError(f"plugin {name} is a class", hint=f"make an object of it: {name}()")
        if self._pluggy.is_registered(plugin):
            raise PluginError(f"plugin {self._pluggy.get_name(plugin)} is given twice")
        if self._pluggy.has_plugin(name):
            raise PluginError(f"two plugins are called {name}", hint="see `kernel plugins list` and [core] plugins")
        try:
            self._pluggy.register(plugin, name)
            self._pluggy.check_pending()
        except pluggy.PluginValidationError as error:
            sentence = " ".join(str(error).split())
            raise PluginError(f"plugin {name}: {sentence}", hint=self._hook_hint(plugin)) from error
        self._refuse_wrappers(plugin, name)
        if self._configured_with is not None:
            self._configure({name})

    def _name_for(self, plugin: object) -> str:
        """What errors and logs call an object that a program passes: its class, numbered from the second on."""
        name = getattr(plugin, "__name__", type(plugin).__name__)
        same = sum(taken == name or taken.startswith(f"{name}-") for taken in self.names())
        return f"{name}-{same + 1}" if same else name

    def _refuse_wrappers(self, plugin: object, name: str) -> None:
        for caller in self._pluggy.get_hookcallers(plugin) or ():
            wraps = any(one.wrapper or one.hookwrapper for one in caller.get_hookimpls() if one.plugin is plugin)
            if wraps and caller.name not in STEPS:
                hint = f"there are these steps to wrap: {', '.join(STEPS)}"
                raise PluginError(f"plugin {name}: {caller.name} cannot be wrapped", hint=hint)

    def _hook_hint(self, plugin: object) -> str:
        known = [name for name in dir(Hooks) if name.startswith("luigi_")]
        unknown = [name for name in dir(plugin) if name.startswith("luigi_") and name not in known]
        return did_you_mean(unknown[0], known) if unknown else ""

    def configure(self, config: Any) -> None:
        """Tell every plugin, now and to come, that `config` is there. Raises PluginError when one raises."""
        self._configured_with = {"config": config, "plugins": self}
        self._configure(set(self.names()))

    def _configure(self, names: set[str]) -> None:
        for implementation in self._pluggy.hook.luigi_configure.get_hookimpls():
            if implementation.plugin_name in names:
                _call(implementation, self._configured_with or {})

    def names(self) -> list[str]:
        """The names of the loaded plugins, in the order they were loaded."""
        return [name for name, _ in self._pluggy.list_name_plugin()]

    # --- providers ---------------------------------------------------------------------------------------------

    def providers(self, kind: str) -> dict[str, Provider]:
        """What plugins offer for `luigi_<kind>`: name → provider.

        Raises PluginError when two offer one name, unless `[core] preferred_plugins` names one of the two.
        """
        return {name: provider for name, (_, provider) in self.offered(kind).items()}

    def offered(self, kind: str) -> dict[str, tuple[str, Provider]]:
        """The same with the names of the plugins: name → plugin and provider."""
        found: dict[str, tuple[str, Provider]] = {}
        for plugin, offers in self._offers(kind):
            for provider in offers:
                other = found.get(provider.name)
                if other is None or self._prefers(kind, provider.name, other[0], plugin):
                    found[provider.name] = plugin, provider
        return found

    def _prefers(self, kind: str, name: str, first: str, second: str) -> bool:
        """Whether the second of two plugins that offer one name is to be taken."""
        for preferred in self._wanted.preferred:
            if preferred in (first, second):
                return preferred == second
        raise PluginError(
            f"{kind} {name!r} is offered by two plugins: {first} and {second}",
            hint=f"say which one counts: [core] preferred_plugins = {second}",
        )

    def provider(self, kind: str, name: str) -> Provider:
        """The provider `name` of `luigi_<kind>`. Raises PluginError with the nearest names when there is none."""
        found = self.providers(kind)
        if name not in found:
            hint = did_you_mean(name, found) or f"there are: {', '.join(sorted(found)) or 'none'}"
            raise PluginError(f"no plugin offers {name!r} among the {kind.replace('_', ' ')}", hint=hint)
        return found[name]

    def make(self, kind: str, name: str, *facts: Any, **more: Any) -> Any:
        """What the provider `name` of `luigi_<kind>` makes of `facts` and its settings, and of `more` by name.

        Raises PluginError when it cannot, and ConfigurationError for settings that are missing or wrong.
        """
        provider = self.provider(kind, name)
        try:
            return provider.factory(*facts, *self.settings(provider), **more)
        except KernelError:
            raise
        except Exception as error:
            raise PluginError(f"{kind} {name!r} ({provider.summary}) cannot be made: {error!r}") from error

    def settings(self, provider: Provider) -> tuple[Any, ...]:
        """A provider's settings, or nothing when it has none. Raises ConfigurationError."""
        if provider.settings is None:
            return ()
        from luigi.plugin_settings import configured

        return (configured(provider.settings, provider.section or provider.name),)

    def commands(self) -> list[Command]:
        """The commands plugins bring, in the order they were loaded."""
        return [command for _, offers in self._offers("commands") for command in offers]

    def _offers(self, kind: str) -> list[tuple[str, list[Any]]]:
        self._load_kind(kind)
        return self.gathered(f"luigi_{kind}")

    def gathered(self, hook: str, **facts: Any) -> list[tuple[str, list[Any]]]:
        """What plugins give when `hook` is called with these facts: their names, each with what it gave.

        Raises PluginError naming the plugin that raises.
        """
        implementations = getattr(self._pluggy.hook, hook).get_hookimpls()
        return [(one.plugin_name, _call(one, facts, list)) for one in implementations]

    # --- steps and moments -------------------------------------------------------------------------------------

    def step(self, hook: str, own: Callable[..., Any]) -> Callable[..., Any]:
        """What carries out a step: `own`, the kernel's, called directly as long as nobody wraps or replaces it."""
        implementations = getattr(self._pluggy.hook, hook).get_hookimpls()
        if not [implementation for implementation in implementations if implementation.function is not own]:
            return own
        return Step(getattr(self._pluggy.hook, hook), self)

    def watchers(self, hook: str) -> Telling | None:
        """What tells everybody who watches a moment, or None when nobody does. Never raises and never waits.

        It is called with the moment's facts in the order of its specification.
        """
        caller = getattr(self._pluggy.hook, hook)
        implementations = caller.get_hookimpls()[::-1]
        return self._watchers.telling(implementations, caller.spec.argnames) if implementations else None

    @cached_property
    def _watchers(self) -> Watchers:
        from luigi.watchers import Watchers

        return Watchers()

    @contextmanager
    def put_to_use(self) -> Iterator[None]:
        """While this lasts they are the plugins of what goes on here: see `in_use`."""
        token = in_use.set(self)
        try:
            yield
        finally:
            in_use.reset(token)

    def flush(self) -> None:
        """Wait until those who watch have been told everything, but for those that hang."""
        if "_watchers" in self.__dict__:
            self._watchers.flush()

    @property
    def failed(self) -> Counter[str]:
        """How often each plugin's watchers raised: plugin name → times."""
        return self._watchers.failed


def _call(implementation: Any, facts: dict[str, Any], read: Callable[[Any], Any] = lambda answer: answer) -> Any:
    """Call a plugin's function that must not fail. Raises PluginError naming plugin and hook when it does."""
    try:
        return read(implementation.function(*[facts[name] for name in implementation.argnames]))
    except KernelError:
        raise
    except Exception as error:
        where = f"plugin {implementation.plugin_name}: {implementation.function.__name__}"
        raise PluginError(f"{where} raised {error!r}") from error
