"""The stores as plugins: what they offer, what can be configured, where the state is unless somebody says."""

from __future__ import annotations

import pickle
from functools import partial
from pathlib import Path

import pytest

from luigi.errors import ConfigurationError
from luigi.plugin_manager import PluginManager
from luigi.plugins.stores import postgresql, sqlite
from luigi.testing.contracts import PluginContract


class TestSqlitePlugin(PluginContract):
    plugin = sqlite


class TestPostgresqlPlugin(PluginContract):
    plugin = postgresql


@pytest.mark.parametrize("name", ["sqlite", "postgresql"])
def test_they_are_found_and_can_be_made_in_another_process(luigi_config, name: str) -> None:
    luigi_config("postgresql", url="postgresql://127.0.0.1:1/none")
    plugins = PluginManager.with_installed()
    provider = plugins.provider("state_stores", name)
    make = partial(provider.factory, *plugins.settings(provider))
    assert type(pickle.loads(pickle.dumps(make))()) is type(plugins.make("state_stores", name))


@pytest.mark.parametrize(
    ("state_path", "used"),
    [("/a/state.pickle", "/a/state.sqlite"), ("/a/state", "/a/state"), ("/a/b.sqlite", "/a/b.sqlite")],
)
def test_the_schedulers_state_path_is_used_but_never_luigis_own_file(luigi_config, state_path: str, used: str) -> None:
    luigi_config("scheduler", state_path=state_path)
    assert sqlite.Settings().path == used


def test_without_a_path_the_file_is_the_users(monkeypatch: pytest.MonkeyPatch, luigi_config) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/state")
    assert sqlite.Settings().path == "/state/luigi/state.sqlite"
    monkeypatch.delenv("XDG_STATE_HOME")
    assert sqlite.Settings().path == "~/.local/state/luigi/state.sqlite"


def test_its_own_option_goes_before(luigi_config, tmp_path: Path) -> None:
    luigi_config("scheduler", state_path="/a/b")
    luigi_config("sqlite", path=f"{tmp_path}/mine")
    PluginManager.with_installed().make("state_stores", "sqlite").append([(1, "one")])
    assert (tmp_path / "mine").exists()


def test_how_safe_it_is_to_be_is_one_of_two() -> None:
    with pytest.raises(ConfigurationError, match="synchronous = 'off' is neither full nor normal"):
        sqlite.sqlite_store(sqlite.Settings(path="x", synchronous="off"))


def test_the_self_test_says_what_is_there_and_makes_nothing(tmp_path: Path) -> None:
    settings = sqlite.Settings(path=f"{tmp_path}/state.sqlite")
    assert "is not there yet" in sqlite.look(settings)
    assert not list(tmp_path.iterdir())
    store = sqlite.sqlite_store(settings)
    store.append([(1, "one")])
    store.close()
    assert "has 1 entries after number 0" in sqlite.look(settings)
