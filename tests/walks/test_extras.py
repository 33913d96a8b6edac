"""Without any extra: every module imports, a graph runs, and whatever lacks its package names the extra to install."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]

IMPORT_ALL = """
import importlib, pkgutil, luigi

for found in pkgutil.walk_packages(luigi.__path__, "luigi."):
    # What is below luigi.testing is for those who have pytest.
    if not found.name.endswith(".__main__") and not found.name.startswith("luigi.testing."):
        importlib.import_module(found.name)
        print(found.name)
"""

# All that bundled plugins offer and what becomes of it when it is asked for, where no extra is installed.
MAKE_ALL = """
import dataclasses, json
from luigi.cli.plugin_checks import missing_modules, verdicts
from luigi.cli.plugin_inventory import examined, inventory
from luigi.defaults import luigi_is_complete, luigi_run_task
from luigi.errors import KernelError
from luigi.executors import ExecutorSetup
from luigi.plugin_manager import PluginManager
from luigi.scheduler import Scheduler
from luigi.worker.context import Rules

MARK, DATABASE, COLLECTION = "a?update_id=1", "0?update_id=1", "a?collection=c"
ENDS = {"elasticsearch": MARK, "elasticsearch+https": MARK, "redis": DATABASE, "rediss": DATABASE,
        "mongodb": COLLECTION, "mongodb+srv": COLLECTION}

GIVEN = {
    "targets": lambda name: [f"{name}://somewhere/{ENDS.get(name, 'a')}"],
    "executors": lambda name: [ExecutorSetup(Rules("me"), luigi_is_complete, luigi_run_task, Scheduler(), 2)],
}

def told(kind, name):
    try:
        PluginManager.with_installed().make(kind, name, *GIVEN.get(kind, lambda name: [])(name))
    except KernelError as error:
        return [type(error).__name__, error.hint]
    except Exception as error:
        return [repr(error), "not an error of ours"]

made = []
for plugin in map(examined, inventory()):
    states = [(verdict.state, verdict.hint) for verdict in verdicts(plugin)]
    providers = [(kind, one) for kind, offered in plugin.providers.items() for one in offered]
    for (kind, one), (state, hint) in zip(providers, states):
        if one.needs:
            made.append({"kind": kind, "name": one.name, "extra": one.extra, "missing": missing_modules(one.needs),
                         "state": state, "hint": hint, "told": told(kind, one.name)})
print(json.dumps(made))
"""

PROGRAM = """
import luigi

class Made(luigi.Task):
    name = luigi.Parameter()

    def output(self):
        return luigi.LocalTarget(self.name)

    def run(self):
        self.output().open("w").close()

class All(luigi.WrapperTask):
    def requires(self):
        return [Made(name=str(number)) for number in range(5)]
"""

CONFIGURED = """
[kubernetes_executor]
image = pipelines:1

[sendgrid]
apikey = a-key

[task_history]
db_connection = sqlite:///history.db

[postgresql]
url = postgresql://127.0.0.1/luigi
"""


@pytest.fixture(scope="module")
def bare(make_environment: Callable[[str], Any]) -> Any:
    """An environment with no extra."""
    return make_environment("bare")


@pytest.fixture(scope="module")
def extras() -> dict[str, list[str]]:
    """What each extra brings."""
    found: dict[str, list[str]] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"][
        "optional-dependencies"
    ]
    return found


@pytest.fixture(scope="module")
def made(bare: Any, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What becomes of each thing that needs a package, all its settings being there."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "luigi.cfg").write_text(CONFIGURED)
    found: list[dict[str, Any]] = json.loads(bare.run("python", "-c", MAKE_ALL, cwd=folder).stdout)
    return found


def test_no_extra_is_there(bare: Any, extras: dict[str, list[str]]) -> None:
    listed = json.loads(bare.run("python", "-m", "pip", "list", "--format", "json").stdout)
    there = {one["name"].casefold() for one in listed} - {"pip", "setuptools", "wheel"}
    brought = {re.split(r"[^\w.-]", need)[0].casefold() for needs in extras.values() for need in needs}
    assert {"luigi-kernel", "pluggy", "python-dateutil", "rich"} <= there
    assert {"prometheus-client", "sqlalchemy"} <= brought
    assert there & brought - {"luigi-kernel"} == set()


def test_every_module_imports(bare: Any) -> None:
    imported = bare.run("python", "-c", IMPORT_ALL).stdout.split()
    assert {"luigi.task", "luigi.contrib", "luigi.plugins", "luigi.server"} <= set(imported)


def test_a_graph_runs(bare: Any, tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(PROGRAM)
    bare.run("kernel", "run", "program:All", cwd=tmp_path)
    assert {str(number) for number in range(5)} <= {path.name for path in tmp_path.iterdir()}


def test_what_lacks_its_package_names_its_extra(made: list[dict[str, Any]], extras: dict[str, list[str]]) -> None:
    assert {one["name"] for one in made} >= {"prometheus", "sendgrid", "sql"}
    for one in made:
        assert one["extra"] in extras, one
        assert one["missing"], one
        assert (one["state"], one["hint"]) == ("lacks", f'pip install "luigi-kernel[{one["extra"]}]"')


def test_what_is_asked_for_says_which_extra_it_needs(made: list[dict[str, Any]]) -> None:
    """At once, or, where its package is needed later, when it is: then making it raises nothing."""
    for one in made:
        assert one["told"] in (None, ["MissingExtra", f'pip install "luigi-kernel[{one["extra"]}]"']), one
    assert any(one["told"] for one in made)


def test_check_finds_nothing_wrong_and_says_what_is_missing(bare: Any, made: list[dict[str, Any]]) -> None:
    """Observers are off: nobody asks for them here."""
    out = bare.run("kernel", "plugins", "check").stdout
    on = {one["extra"] for one in made if one["kind"] != "observers"}
    assert set(re.findall(r"luigi-kernel\[(\w+)\]", out)) == on


def test_check_of_one_that_is_wanted_fails_where_its_package_is_missing(bare: Any, made: list[dict[str, Any]]) -> None:
    for one in made:
        out = bare.run("kernel", "plugins", "check", one["name"], code=1).stdout
        assert f"luigi-kernel[{one['extra']}]" in out


def test_each_extra_brings_what_its_plugins_need(made: list[dict[str, Any]]) -> None:
    """This test's own environment has the extras of all bundled plugins."""
    from luigi.cli.plugin_checks import missing_modules
    from luigi.cli.plugin_inventory import examined, inventory

    offered = [
        one
        for plugin in map(examined, inventory())
        for those in plugin.providers.values()
        for one in those
        if one.needs
    ]
    assert {one.name for one in offered} >= {one["name"] for one in made}
    assert {one.name: missing_modules(one.needs) for one in offered} == {one.name: [] for one in offered}


@pytest.mark.parametrize(
    ("code", "extra"),
    [
        ("from luigi.contrib.prometheus_metric import PrometheusMetricsCollector as C; C()", "prometheus"),
        ("from luigi.contrib.datadog_metric import DatadogMetricsCollector as C; C()", "datadog"),
        ("from luigi.db_task_history import DbTaskHistory as C; C()", "sql"),
        ("from luigi.db_task_history import TaskRecord as C; C(name='Count')", "sql"),
        ("from luigi.db_task_history import TaskEvent as C; C.ts.desc()", "sql"),
        ("from luigi.db_task_history import Base; Base.metadata", "sql"),
        ("from luigi.contrib.postgres import dbapi; dbapi.connect()", "postgres"),
    ],
)
def test_luigis_classes_name_their_extra(bare: Any, code: str, extra: str, tmp_path: Path) -> None:
    (tmp_path / "luigi.cfg").write_text(CONFIGURED)
    script = (
        f"from luigi.errors import MissingExtra\ntry:\n    {code}\nexcept MissingExtra as error:\n    print(error.hint)"
    )
    assert bare.run("python", "-c", script, cwd=tmp_path).stdout == f'pip install "luigi-kernel[{extra}]"\n'
