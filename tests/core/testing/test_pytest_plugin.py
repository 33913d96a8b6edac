"""The fixtures that pytest finds by itself: what each sets for one test is gone in the next."""

from __future__ import annotations

import itertools

import pytest

import luigi.testing

NAMES = ("clock", "config", "classes", "files", "recorder", "faults", "http_sink", "udp_sink")

MODULE = """
import luigi
import pytest
from luigi.mock import MockTarget
from luigi.testing import run_task
from luigi.worker.config import worker

def value():
    return luigi.configuration.get_config().get("mine", "option", "unset")
"""

OPTIONS = ["-p", "no:cacheprovider"]


@pytest.fixture
def passes(pytester, monkeypatch):
    """Runs a test module of its own in a process of its own."""
    monkeypatch.setenv("LUIGI_CONFIG_PARSER", "")

    def run(body, *options, passed=2):
        pytester.makepyfile(MODULE + body)
        result = pytester.runpytest_subprocess(*OPTIONS, *options)
        result.assert_outcomes(passed=passed)
        return result

    return run


def test_they_are_listed_with_what_they_do(pytester) -> None:
    found = pytester.runpytest_subprocess("--fixtures", *OPTIONS).outlines
    ours = {line.split()[0]: words for line, words in itertools.pairwise(found) if line.startswith("luigi_")}
    assert set(ours) == {f"luigi_{name}" for name in NAMES}
    assert not [name for name, words in ours.items() if not words.strip() or "no docstring" in words]


@pytest.mark.parametrize("parser", ["cfg", "toml"])
def test_options_are_set_for_one_test(passes, monkeypatch, parser) -> None:
    monkeypatch.setenv("LUIGI_CONFIG_PARSER", parser)
    passes("""
def test_set(luigi_config):
    luigi_config("mine", option="set")
    luigi_config("worker", keep_alive=True, ping_interval=2.5)
    assert value() == "set"
    assert (worker().keep_alive, worker().ping_interval) == (True, 2.5)

def test_unset():
    assert value() == "unset"
    assert not worker().keep_alive
""")


def test_options_are_set_over_those_of_the_files(passes, pytester) -> None:
    pytester.makefile(".cfg", luigi="[mine]\noption = in the file\nother = there\n")
    passes("""
def test_set(luigi_config):
    luigi_config("mine", option="set")
    assert value() == "set"
    assert luigi.configuration.get_config().get("mine", "other") == "there"

def test_unset():
    assert value() == "in the file"
""")


def test_classes_instances_and_handlers_are_forgotten(passes) -> None:
    body = """
class Kept(luigi.Task):
    name = luigi.Parameter()

kept = Kept("a")

def make():
    class Same(luigi.Task):
        pass
    @Same.event_handler(luigi.Event.SUCCESS)
    def note(task):
        pass
    assert luigi.task_register.Register.get_task_cls("Same") is Same

def test_one(luigi_classes):
    make()
    assert Kept("a") is not kept

def test_two(luigi_classes):
    make()

def test_three():
    assert Kept("a") is kept
    assert "Same" not in luigi.task_register.Register.task_names()
    assert not [cls for cls in luigi.Task._event_callbacks if cls.__name__ == "Same"]
"""
    passes(body, passed=3)


def test_files_in_memory_are_gone(passes) -> None:
    passes("""
def test_one(luigi_files):
    MockTarget("a").open("w").close()
    assert luigi_files.exists("a")

def test_two():
    assert not MockTarget("a").exists()
""")


def test_receivers_clocks_faults_and_sinks_are_made_anew(passes) -> None:
    body = """
import urllib.request

class Leaf(luigi.Task):
    def output(self):
        return MockTarget("leaf")
    def run(self):
        self.output().open("w").close()

@pytest.mark.parametrize("n", [1, 2])
def test_all(n, luigi_files, luigi_clock, luigi_recorder, luigi_faults, luigi_http_sink):
    luigi_faults.fail("Leaf")
    run_task(Leaf(), plugins=[luigi_faults, luigi_recorder], clock=luigi_clock, keep_alive=True)
    assert luigi_clock.now() >= 900
    assert [one.after for one in luigi_recorder.transitions].count("FAILED") == 1
    urllib.request.urlopen(luigi_http_sink.url).close()
    assert len(luigi_http_sink.requests) == 1
"""
    passes(body)


def test_a_suite_that_fails_says_what_it_compared(passes, pytester) -> None:
    pytester.makepyfile("""
import luigi
from luigi.testing.contracts import TargetContract

class Never(luigi.Target):
    def exists(self):
        return None

class TestNever(TargetContract):
    def make_target(self, name):
        return Never()
    def put(self, target):
        pass
""")
    result = pytester.runpytest_subprocess(*OPTIONS)
    result.stdout.re_match_lines([r"E +assert None is False"])


def test_a_project_without_tests_of_ours_pays_little(pytester) -> None:
    pytester.makepyfile("import sys\ndef test_it():\n    assert 'luigi.worker' not in sys.modules\n")
    pytester.runpytest_subprocess(*OPTIONS).assert_outcomes(passed=1)


def test_every_name_of_the_kit_is_there() -> None:
    assert [name for name in luigi.testing.__all__ if not hasattr(luigi.testing, name)] == []
    with pytest.raises(AttributeError, match="nothing"):
        luigi.testing.nothing  # noqa: B018 - that it is looked up is the test
