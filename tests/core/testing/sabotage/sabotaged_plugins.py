"""Plugins that do one thing wrong, each with the tests of the suite that must find it out."""

from __future__ import annotations

import importlib.util
import sys
import threading
from dataclasses import dataclass, field

import pytest

import luigi
from luigi.hookspecs import Command, Provider
from luigi.plugin_settings import setting
from luigi.testing.contracts import PluginContract

SUITE = PluginContract


@dataclass(frozen=True)
class Settings:
    """As they should be."""

    url: str = setting(help="where to post")
    token: str = setting("", help="what lets it in", secret=True)


@dataclass(frozen=True)
class WithoutWords:
    """No help."""

    url: str = field(default="")


@dataclass(frozen=True)
class Indiscreet:
    """A password for all to see."""

    db_password: str = setting("", help="what lets it in")


class Sound:
    """Does as it should."""

    settings = Settings
    name, summary = "pigeon", "a pigeon in the yard"

    @luigi.hookimpl
    def luigi_notifiers(self):
        yield Provider(self.name, print, self.summary, self.settings)

    @luigi.hookimpl
    def luigi_commands(self):
        yield Command("feed", self.summary, len)

    @luigi.hookimpl(wrapper=True)
    def luigi_run_task(self):
        return (yield)


class TestSound(PluginContract):
    plugin = Sound()
    caught_by = set()


class TestUnmarked(TestSound):
    caught_by = {"test_every_hook_is_marked_as_one"}

    class kind(Sound):
        def luigi_task_event(self, event):
            pass

    plugin = kind()


class TestWordless(TestSound):
    caught_by = {"test_what_it_offers_has_a_name_and_one_line", "test_commands_have_a_name_and_one_line"}

    class kind(Sound):
        summary = ""

    plugin = kind()


class TestSettingsWithoutWords(TestSound):
    caught_by = {"test_settings_say_what_they_mean"}

    class kind(Sound):
        settings = WithoutWords

    plugin = kind()


class TestIndiscreet(TestSound):
    caught_by = {"test_what_looks_like_a_secret_is_one"}

    class kind(Sound):
        settings = Indiscreet

    plugin = kind()


class TestStaysAtHome(TestSound):
    caught_by = {"test_it_can_go_where_its_steps_are_carried_out"}

    class kind(Sound):
        def __init__(self):
            self.lock = threading.Lock()

    plugin = kind()


MODULE = """
import luigi
from luigi.hookspecs import Provider
{before}

@luigi.hookimpl
def luigi_notifiers():
    yield Provider("pigeon", print, "a pigeon", needs=("colorsys",))
"""


class TestSoundModule(PluginContract):
    before = ""
    caught_by = set()

    @pytest.fixture(autouse=True)
    def module(self, tmp_path, monkeypatch):
        (tmp_path / "pigeons.py").write_text(MODULE.format(before=self.before))
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))
        spec = importlib.util.spec_from_file_location("pigeons", tmp_path / "pigeons.py")
        self.plugin = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(self.plugin)
        monkeypatch.setitem(sys.modules, "pigeons", self.plugin)


class TestImportsWhatItNeeds(TestSoundModule):
    before = "import colorsys"
    caught_by = {"test_listing_imports_none_of_what_is_needed"}
