"""Loading plugins, looking up what they offer, wrapping steps, telling watchers."""

from __future__ import annotations

import threading
import types
from typing import Any

import pytest

import luigi
from luigi.errors import PluginError
from luigi.hookspecs import Command, Hooks, Provider, Ran
from luigi.plugin_manager import STEPS, PluginManager
from luigi.watchers import MUTE_AFTER


class Watches:
    """Notes when a run starts."""

    def __init__(self, heard: list[Any] | None = None) -> None:
        self.heard: list[Any] = [] if heard is None else heard

    @luigi.hookimpl
    def luigi_run_started(self, run: Any) -> None:
        self.heard.append((self, run))


class Raises:
    """Cannot bear it."""

    @luigi.hookimpl
    def luigi_run_started(self, run: Any) -> None:
        raise RuntimeError("cannot bear it")


def manager(*plugins: object) -> PluginManager:
    made = PluginManager()
    for plugin in plugins:
        made.register(plugin)
    return made


# --- loading --------------------------------------------------------------------------------------------------------


def test_the_kernel_s_own_plugin_comes_first() -> None:
    assert PluginManager.with_installed([Watches()]).names()[0] == "defaults"


def test_objects_are_called_by_their_class_and_modules_by_their_name() -> None:
    made = manager(Watches(), Watches(), types.ModuleType("my_plugin"), Watches())
    assert made.names() == [
        "Watches",
        "Watches-2",
        "my_plugin",
        "Watches-3",
    ]


class UnknownHook:
    @luigi.hookimpl
    def luigi_run_startd(self, run: Any) -> None: ...


class UnknownArgument:
    @luigi.hookimpl
    def luigi_run_started(self, rnu: Any) -> None: ...


class WrapsAMoment:
    @luigi.hookimpl(wrapper=True)
    def luigi_run_started(self, run: Any) -> Any:
        return (yield)


class WrapsAProvider:
    @luigi.hookimpl(wrapper=True)
    def luigi_targets(self) -> Any:
        return (yield)


@pytest.mark.parametrize(
    ("plugin", "sentence", "hint"),
    [
        (UnknownHook(), "plugin UnknownHook: unknown hook 'luigi_run_startd'", "did you mean luigi_run_started"),
        (UnknownArgument(), "plugin UnknownArgument: .*'rnu'", ""),
        (WrapsAMoment(), "plugin WrapsAMoment: luigi_run_started cannot be wrapped", "luigi_run_task"),
        (WrapsAProvider(), "plugin WrapsAProvider: luigi_targets cannot be wrapped", "luigi_is_complete"),
        (Watches, "plugin Watches is a class", r"make an object of it: Watches()"),
    ],
)
def test_a_plugin_that_does_not_fit_is_refused(plugin: Any, sentence: str, hint: str) -> None:
    with pytest.raises(PluginError, match=sentence) as caught:
        manager(plugin)
    assert hint in caught.value.hint
    assert "\n" not in str(caught.value)


def test_a_plugin_given_twice_is_refused() -> None:
    plugin = Watches()
    with pytest.raises(PluginError, match="plugin Watches is given twice"):
        manager(plugin, plugin)


def test_an_installed_plugin_that_cannot_be_imported_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    info = tmp_path / "broken-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[luigi]\nbroken-plugin = no_such_module\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(PluginError, match="plugin broken-plugin .no_such_module. cannot be loaded") as caught:
        PluginManager.with_installed()
    assert "uninstall or upgrade" in caught.value.hint


# --- set-up ---------------------------------------------------------------------------------------------------------


class Configured:
    """Notes what it is configured with."""

    def __init__(self) -> None:
        self.told: list[Any] = []

    @luigi.hookimpl
    def luigi_configure(self, config: Any, plugins: PluginManager) -> None:
        self.told.append((config, plugins))


def test_plugins_are_configured_once_now_or_when_they_come() -> None:
    early, late = Configured(), Configured()
    made = manager(early)
    made.configure("the configuration")
    made.register(late)
    assert early.told == late.told == [("the configuration", made)]


@pytest.mark.parametrize("late", [False, True])
def test_one_that_raises_when_configured_is_named(late: bool) -> None:
    class Fails:
        @luigi.hookimpl
        def luigi_configure(self, config: Any) -> None:
            raise ValueError("no licence")

    with pytest.raises(PluginError, match=r"plugin Fails: luigi_configure raised ValueError\('no licence'\)"):
        if late:
            made = manager()
            made.configure(None)
            made.register(Fails())
        else:
            manager(Fails()).configure(None)


# --- providers ------------------------------------------------------------------------------------------------------


class Offers:
    """Offers targets and a command."""

    def __init__(self, *names: str) -> None:
        self.offered = names

    @luigi.hookimpl
    def luigi_targets(self) -> Any:
        return [Provider(name, str) for name in self.offered]

    @luigi.hookimpl
    def luigi_commands(self) -> Any:
        yield Command("hello", "says hello", lambda argv: 0)


def test_what_plugins_offer_is_found_by_name() -> None:
    made = manager(Offers("s3", "gs"), Offers("ftp"))
    assert set(made.providers("targets")) == {"s3", "gs", "ftp"}
    assert made.provider("targets", "ftp").factory is str
    assert [command.name for command in made.commands()] == ["hello", "hello"]


def test_a_name_nobody_offers_is_told_with_the_nearest_or_with_all() -> None:
    made = manager(Offers("s3", "gcs"))
    with pytest.raises(PluginError, match="no plugin offers 'gsc' among the targets") as caught:
        made.provider("targets", "gsc")
    assert caught.value.hint == "did you mean gcs?"
    with pytest.raises(PluginError) as caught:
        made.provider("targets", "webdav")
    assert caught.value.hint == "there are: gcs, s3"
    with pytest.raises(PluginError, match="among the state stores") as caught:
        made.provider("state_stores", "disk")
    assert caught.value.hint == "there are: none"


def test_two_plugins_that_offer_one_name_are_both_named() -> None:
    with pytest.raises(PluginError, match="targets 's3' is offered by two plugins: Offers and Offers-2"):
        manager(Offers("s3"), Offers("s3")).providers("targets")


@pytest.mark.parametrize("lazily", [False, True])
def test_a_provider_that_raises_is_named_with_its_hook(lazily: bool) -> None:
    def at_once(self: Any) -> Any:
        raise KeyError("x")

    def later(self: Any) -> Any:
        yield Provider("a", str)
        raise KeyError("x")

    plugin = type("Broken", (), {"luigi_targets": luigi.hookimpl(later if lazily else at_once)})()
    with pytest.raises(PluginError, match=r"plugin Broken: \w+ raised KeyError\('x'\)"):
        manager(plugin).providers("targets")


# --- steps ----------------------------------------------------------------------------------------------------------


def test_a_step_nobody_wraps_is_the_kernel_s_own_function() -> None:
    def own(task: Any, context: Any) -> Ran:
        return Ran()

    assert manager(Watches()).step("luigi_run_task", own) is own


def test_who_is_loaded_later_is_asked_first_and_wrappers_are_around_all() -> None:
    asked = []

    class Answers:
        def __init__(self, name: str, answer: Any) -> None:
            self.name, self.answer = name, answer

        @luigi.hookimpl
        def luigi_is_complete(self, task: Any) -> Any:
            asked.append(self.name)
            return self.answer

    class Wraps:
        @luigi.hookimpl(wrapper=True)
        def luigi_is_complete(self, task: Any) -> Any:
            asked.append("before")
            answer = yield
            asked.append("after")
            return not answer

    step = manager(Answers("first", True), Wraps(), Answers("second", None)).step("luigi_is_complete", lambda task: 1)
    assert step("a task") is False
    assert asked == ["before", "second", "first", "after"]


@pytest.mark.parametrize("step", STEPS)
def test_steps_are_hooks(step: str) -> None:
    assert hasattr(Hooks, step)


# --- moments --------------------------------------------------------------------------------------------------------


def test_a_moment_nobody_watches_costs_nothing() -> None:
    assert manager(Configured()).watchers("luigi_run_started") is None


def test_all_who_watch_are_told() -> None:
    heard: list[Any] = []

    class First(Watches):
        @luigi.hookimpl(tryfirst=True)
        def luigi_run_started(self, run: Any) -> None:
            heard.append((self, run))

    class Last(Watches):
        @luigi.hookimpl(trylast=True)
        def luigi_run_started(self, run: Any) -> None:
            heard.append((self, run))

    first, one, two, last = First(), Watches(heard), Watches(heard), Last()
    made = manager(first, one, two, last)
    tell = made.watchers("luigi_run_started")
    assert tell is not None
    tell("the run", 1.0)
    made.flush()
    # Each in a thread of its own: none waits for another.
    assert {id(watcher) for watcher, _ in heard} == {id(watcher) for watcher in (first, two, one, last)}
    assert {run for _, run in heard} == {"the run"}


def test_one_that_raises_is_logged_once_counted_and_stops_nobody(caplog: Any) -> None:
    before, after = Watches(), Watches()
    made = manager(before, Raises(), after)
    tell = made.watchers("luigi_run_started")
    assert tell is not None
    for _ in range(3):
        tell(None, 1.0)
    made.flush()
    assert len(before.heard) == len(after.heard) == 3
    assert caplog.text.count("RuntimeError: cannot bear it") == 1
    assert "plugin Raises: luigi_run_started raised" in caplog.text
    assert made.failed == {"Raises": 3}


def test_one_that_raises_again_and_again_is_told_no_more_and_that_is_said(caplog: Any) -> None:
    made = manager(Raises())
    tell = made.watchers("luigi_run_started")
    assert tell is not None
    for _ in range(MUTE_AFTER + 50):
        tell(None, 1.0)
    made.flush()
    assert made.failed == {"Raises": MUTE_AFTER}
    assert "plugin Raises was not told of 50 things" in caplog.text


def test_one_that_hangs_is_not_waited_for_and_stops_nobody() -> None:
    class Hangs:
        def __init__(self) -> None:
            self.gate = threading.Event()

        @luigi.hookimpl
        def luigi_run_started(self, run: Any) -> None:
            self.gate.wait(30)

    hangs, well = Hangs(), Watches()
    made = manager(hangs, well)
    tell = made.watchers("luigi_run_started")
    assert tell is not None
    tell(1, 1.0)
    tell(2, 1.0)
    made.flush()
    assert [run for _, run in well.heard] == [1, 2]
    assert not hangs.gate.is_set(), "nobody let it go"
    hangs.gate.set()


def test_a_provider_that_cannot_make_its_thing_is_named() -> None:
    class Broken:
        @luigi.hookimpl
        def luigi_notifiers(self) -> Any:
            yield Provider("pager", lambda: 1 / 0, "a pager")

    manager = PluginManager.with_installed([Broken()])
    with pytest.raises(PluginError, match=r"notifiers 'pager' \(a pager\) cannot be made: ZeroDivisionError"):
        manager.make("notifiers", "pager")
