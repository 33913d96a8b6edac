"""Which plugins a process loads: installed, disabled, optional, named in the configuration, waiting for their kind."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

import luigi
from luigi.configuration import get_config
from luigi.defaults import luigi_is_complete
from luigi.errors import PluginError
from luigi.hookspecs import KINDS, Hooks, Provider
from luigi.plugin_loading import known, wanted
from luigi.plugin_manager import PluginManager

PLUGIN = """
import luigi
from luigi.hookspecs import Provider

@luigi.hookimpl
def luigi_notifiers():
    yield Provider("acme", lambda: "made by {name}", "tells Acme")
"""


@pytest.fixture
def config() -> Any:
    """The configuration in use; what a test sets under [core] goes with it."""
    made = get_config()
    options = ("plugins", "disabled_plugins", "preferred_plugins", "observers")
    yield made
    for option in options:
        if made.has_option("core", option):
            made.remove_option("core", option)


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Install a module with these entry points, and forget it after the test."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def put(module: str, text: str, *entry_points: str) -> Path:
        (tmp_path / f"{module}.py").write_text(text)
        folder = tmp_path / f"{module}-1.0.dist-info"
        folder.mkdir()
        (folder / "entry_points.txt").write_text("\n".join(["[luigi]", *(f"{one} = {module}" for one in entry_points)]))
        monkeypatch.delitem(sys.modules, module, raising=False)
        return tmp_path / f"{module}.py"

    return put


def test_the_kinds_are_those_of_the_hooks() -> None:
    hooks = {name for name in dir(Hooks) if name.startswith("luigi_")}
    assert {f"luigi_{kind}" for kind in KINDS} <= hooks


def test_one_of_a_kind_waits_until_somebody_asks_for_that_kind(install: Any) -> None:
    install("acme_waits", PLUGIN.format(name="acme_waits"), "notifiers.acme_waits")
    manager = PluginManager.with_installed()
    assert "acme_waits" not in sys.modules
    manager.providers("targets")
    assert "acme_waits" not in sys.modules
    assert manager.make("notifiers", "acme") == "made by acme_waits"
    assert "notifiers.acme_waits" in manager.names()


def test_one_without_a_kind_is_loaded_at_once(install: Any) -> None:
    install("acme_now", PLUGIN.format(name="acme_now"), "acme_now")
    assert "acme_now" in PluginManager.with_installed().names()


def test_all_can_be_loaded(install: Any) -> None:
    install("acme_all", PLUGIN.format(name="acme_all"), "notifiers.acme_all")
    manager = PluginManager.with_installed()
    manager.load_all()
    assert "notifiers.acme_all" in manager.names()


def test_one_that_says_a_kind_and_does_more_is_refused(install: Any) -> None:
    more = PLUGIN.format(name="x") + "\n@luigi.hookimpl\ndef luigi_run_started(run): ...\n"
    install("acme_more", more, "notifiers.acme_more")
    manager = PluginManager.with_installed()
    with pytest.raises(PluginError, match=r"notifiers\.acme_more implements luigi_run_started too") as raised:
        manager.providers("notifiers")
    assert "without notifiers" in raised.value.hint


OBSERVER = """
from dataclasses import dataclass
import luigi
from luigi.hookspecs import Provider

@dataclass(frozen=True)
class Settings:
    mood: str = "fine"

class Watches:
    def __init__(self, settings):
        self.mood = settings.mood

    @luigi.hookimpl
    def luigi_is_complete(self, task):
        return self.mood == "fine"

@luigi.hookimpl
def luigi_observers():
    yield Provider("acme", Watches, "watches for Acme", settings=Settings, section="acme_mood")
"""


class NeverDone(luigi.Task):
    def complete(self) -> bool:
        return False


def test_an_observer_watches_when_it_is_asked_for_and_has_its_settings(install: Any, config: Any) -> None:
    install("acme_observer", OBSERVER, "observers.acme_observer")
    assert "acme" not in PluginManager.with_installed().names()
    config.set("core", "observers", "acme")
    manager = PluginManager.with_installed()
    assert manager.names()[-1] == "acme"
    assert manager.step("luigi_is_complete", luigi_is_complete)(NeverDone()) is True
    config.set("acme_mood", "mood", "bad")
    assert PluginManager.with_installed().step("luigi_is_complete", luigi_is_complete)(NeverDone()) is False


@pytest.mark.parametrize("entry_point", ["acme_off", "notifiers.acme_off"])
def test_a_disabled_one_is_not_even_imported(install: Any, config: Any, entry_point: str) -> None:
    install("acme_off", PLUGIN.format(name="acme_off"), entry_point)
    config.set("core", "disabled_plugins", f"another, {entry_point}")
    manager = PluginManager.with_installed()
    manager.load_all()
    assert "acme_off" not in sys.modules
    assert "acme" not in manager.providers("notifiers")
    assert entry_point in [found.name for found in known()], "it can still be listed"


def test_modules_and_files_can_be_named(install: Any, config: Any, tmp_path: Path) -> None:
    file = tmp_path / "my_hooks.py"
    file.write_text(PLUGIN.format(name="my_hooks"))
    (tmp_path / "acme_module.py").write_text("")
    config.set("core", "plugins", f"acme_module {file}")
    manager = PluginManager.with_installed()
    assert manager.names()[-2:] == ["acme_module", "my_hooks"]
    assert manager.make("notifiers", "acme") == "made by my_hooks"


@pytest.mark.parametrize(
    ("named", "sentence", "hint"),
    [
        ("acme_hoks", "names acme_hoks, and there is no such module", "a file ending with .py"),
        ("acme_hooks.deeper", r"names acme_hooks\.deeper, and there is no such module", "a file ending with .py"),
        ("nowhere/hooks.py", "names nowhere/hooks.py, which does not exist", "looked for in "),
    ],
)
def test_a_name_that_nothing_has_is_told(install: Any, config: Any, named: str, sentence: str, hint: str) -> None:
    install("acme_hooks", PLUGIN.format(name="acme_hooks"))
    config.set("core", "plugins", named)
    with pytest.raises(PluginError, match=sentence) as raised:
        PluginManager.with_installed()
    assert hint in raised.value.hint


def test_a_module_that_lacks_a_module_is_not_said_to_be_missing_itself(install: Any, config: Any) -> None:
    install("acme_lacks", "import no_such_thing\n")
    config.set("core", "plugins", "acme_lacks")
    with pytest.raises(PluginError, match="plugin acme_lacks cannot be loaded: ModuleNotFoundError.*no_such_thing"):
        PluginManager.with_installed()


# --- two that offer one name ------------------------------------------------------------------------------------------


class Offers:
    def __init__(self, what: str) -> None:
        self.what = what

    @luigi.hookimpl
    def luigi_notifiers(self) -> Any:
        yield Provider("acme", lambda: self.what, "tells Acme")


class OffersToo(Offers):
    """Another plugin."""


@pytest.mark.parametrize("preferred", ["Offers", "OffersToo"])
def test_the_preferred_one_counts(config: Any, preferred: str) -> None:
    config.set("core", "preferred_plugins", preferred)
    manager = PluginManager.with_installed([Offers("Offers"), OffersToo("OffersToo")])
    assert manager.make("notifiers", "acme") == preferred
    assert manager.offered("notifiers")["acme"][0] == preferred


def test_without_a_preference_it_is_an_error_that_names_both() -> None:
    manager = PluginManager.with_installed([Offers("a"), OffersToo("b")])
    with pytest.raises(PluginError, match="'acme' is offered by two plugins: ") as raised:
        manager.providers("notifiers")
    assert "Offers" in str(raised.value)
    assert "OffersToo" in str(raised.value)
    assert "preferred_plugins" in raised.value.hint


def test_nothing_is_wanted_twice() -> None:
    names = [found.name for found in wanted().found]
    assert len(names) == len(set(names))
