"""When the kernel's own policies call a task stale, what they remember, and what follows what."""

from __future__ import annotations

import importlib
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import luigi
from luigi.configuration import get_config
from luigi.errors import ConfigurationError, PluginError
from luigi.mock import MockTarget
from luigi.parameter import ParameterVisibility
from luigi.redo.beside_outputs import FOLDER, NowhereToNote
from luigi.redo.policies.inputs import Inputs
from luigi.redo.policies.max_age import BadAge, MaxAge
from luigi.redo.policy import Noted
from luigi.redo.redo import STALE
from luigi.testing import FakeClock


def build(*tasks: Any, **keywords: Any) -> Any:
    return luigi.build(tasks, local_scheduler=True, **keywords)


# --- which a task has ----------------------------------------------------------------------------------------------


def test_the_configuration_wins_over_the_class(node: Any, find: Any, written: Any) -> None:
    class Aged(node):
        freshness = "max_age=1d"

    written("a")
    assert find(Aged("a")).reasons
    get_config().set("freshness", "Aged", "exists")
    assert not find(Aged("a")).reasons
    get_config().remove_option("freshness", "Aged")
    get_config().set("freshness", "Nod*", "inputs, max_age = 1d")
    assert find(node("a")).reasons[node("a").task_id].by == "max_age = 1d"


def test_a_class_has_several(node: Any, find: Any, written: Any) -> None:
    class Careful(node):
        freshness = ["exists", "inputs", "max_age=1h"]

    written("a")
    assert find(Careful("a")).reasons[Careful("a").task_id].by == "max_age=1h"


def test_a_programs_own_freshness_is_left_alone(node: Any, find: Any, written: Any) -> None:
    class WithParameter(node):
        freshness = luigi.Parameter(default="very")

    class WithMethod(node):
        def freshness(self) -> str:
            return "very"

    written("a")
    assert not find(WithParameter("a"), WithMethod("a")).reasons


def test_a_policy_that_there_is_not(node: Any, find: Any) -> None:
    class Mistyped(node):
        freshness = "imputs"

    with pytest.raises(PluginError) as caught:
        find(Mistyped("a"))
    assert str(caught.value) == "no plugin offers 'imputs' among the freshness policies"
    assert caught.value.hint == "did you mean inputs?"


def test_a_plugin_offers_one(node: Any, written: Any) -> None:
    from luigi.hookspecs import Provider

    class Always:
        follows = False

        def __init__(self, argument: str) -> None:
            self.argument = argument

        def stale(self, task: Any, noted: Any) -> str:
            return f"it always is, {self.argument}"

        def note(self, task: Any) -> None:
            return None

    class Offer:
        @luigi.hookimpl
        def luigi_freshness_policies(self) -> Any:
            yield Provider("always", Always, "never fresh")

    class Restless(node):
        freshness = "always=really"

    written("a")
    assert build(Restless("a"), plugins=[Offer()])
    assert node.ran == ["a"]


# --- inputs --------------------------------------------------------------------------------------------------------


@pytest.fixture
def fed(node: Any) -> Any:
    """c requires b requires a; both go by their inputs."""

    class Fed(node):
        freshness = "inputs"

    tasks = node("a"), Fed("b"), Fed("c")
    node.needs = {"b": tasks[:1], "c": tasks[1:2]}
    return tasks


def test_a_newer_input_makes_all_behind_it_stale(fed: Any, find: Any, written: Any) -> None:
    _, b, c = fed
    written("b", "a", "c")
    reasons = find(c).reasons
    assert reasons[b.task_id] == (STALE, "inputs", "input a.txt is newer than b.txt")
    assert reasons[c.task_id] == (STALE, "inputs", "Fed(name=b) is made anew")
    written("a", "b", "c")
    assert not find(c).reasons


def test_a_time_without_a_fraction_is_that_of_a_whole_second(fed: Any, find: Any, written: Any) -> None:
    """S3, FTP and others tell no more: what was written after its input in the same second seems to be older."""
    _, b, c = fed
    written("b", "c", since=1_000_000_000)
    written("a", since=1_000_000_000.7)
    assert not find(c).reasons
    written("a", since=1_000_000_001)
    assert b.task_id in find(c).reasons
    written("a", since=1_000_000_000.7)
    written("b", since=1_000_000_000.2)
    assert b.task_id in find(c).reasons, "of two that are told exactly"


def test_a_run_comes_to_rest(fed: Any, node: Any, written: Any) -> None:
    written("c", "b", "a")
    assert build(fed[2])
    assert node.ran == ["b", "c"]
    assert build(fed[2])
    assert node.ran == ["b", "c"]


def test_what_runs_for_another_reason_is_followed_too(fed: Any, node: Any, find: Any, written: Any) -> None:
    a, b, c = fed
    written("a", "b", "c")
    reasons = find(c, these=["Node(name=a)"]).reasons
    assert {task_id: reason.kind for task_id, reason in reasons.items()} == {
        a.task_id: "forced",
        b.task_id: "stale",
        c.task_id: "stale",
    }
    other = node("d")
    node.needs["d"] = (a,)
    written("b", "c")
    os.remove("a.txt")
    assert set(find(c, other).reasons) == {b.task_id, c.task_id}, "d has a made, which b goes by"
    assert not find(c).reasons, "what is missing behind complete tasks stays missing"


def test_a_private_value_in_a_path_is_not_said(node: Any, written: Any) -> None:
    class Keyed(node):
        key = luigi.Parameter(default="hush", visibility=ParameterVisibility.PRIVATE)

        def output(self) -> Any:
            return luigi.LocalTarget(f"{self.key}.txt")

    node.needs = {"c": (Keyed("a"),)}
    written("c", "hush")
    assert Inputs("").stale(node("c"), None) == "input ***.txt is newer than c.txt"


def test_inputs_behind_a_wrapper_count(node: Any, written: Any) -> None:
    class Both(luigi.WrapperTask):
        def requires(self) -> Any:
            return [node("a"), node("b")]

    node.needs = {"c": (Both(),)}
    written("a", "c", "b")
    assert Inputs("").stale(node("c"), None) == "input b.txt is newer than c.txt"


def test_a_folder_is_as_new_as_the_newest_in_it(node: Any, written: Any, folder: Path) -> None:
    class Folder(node):
        def output(self) -> Any:
            return luigi.LocalTarget(self.name)

    node.needs = {"c": (Folder("a"),)}
    written("c")
    (folder / "a/b").mkdir(parents=True)
    (folder / "a/b/file").write_text("")
    for path in ("a/b/file", "a/b", "a"):
        os.utime(path, (900_000_000, 900_000_000))
    assert Inputs("").stale(node("c"), None) is None
    os.utime("a/b/file", (1_100_000_000, 1_100_000_000))
    assert Inputs("").stale(node("c"), None) == "input a is newer than c.txt"


def test_what_is_not_there_has_no_time(node: Any, written: Any) -> None:
    node.needs = {"c": (node("a"), node("b"))}
    written("b", "c")
    assert Inputs("").stale(node("c"), None) is None
    os.remove("c.txt")
    assert Inputs("").stale(node("c"), None) is None


def test_where_no_time_is_told_nothing_is_stale(node: Any, written: Any) -> None:
    class Mocked(node):
        def output(self) -> Any:
            return MockTarget(self.name)

    with MockTarget("m").open("w") as file:
        file.write("")
    written("a")
    node.needs = {"m": (node("a"),), "a": (Mocked("m"),)}
    assert Inputs("").stale(Mocked("m"), None) is None
    assert Inputs("").stale(node("a"), None) is None


# --- max_age -------------------------------------------------------------------------------------------------------


def test_what_is_too_old_is_stale(node: Any, written: Any) -> None:
    written("a", since=1_000_000_000)
    policy = MaxAge("1h", clock=FakeClock(now=1_000_003_600))
    assert policy.stale(node("a"), None) is None
    why = MaxAge("1h", clock=FakeClock(now=1_000_003_601)).stale(node("a"), None)
    assert why is not None
    assert why.startswith("a.txt is of 2001-09-")
    assert why.endswith(", older than 1h")
    assert policy.note(node("a")) is None


def test_without_times_it_goes_by_when_the_task_ran(node: Any) -> None:
    class Mocked(node):
        def output(self) -> Any:
            return MockTarget(self.name)

    policy = MaxAge("1h", clock=FakeClock(now=1_000_003_601))
    assert policy.note(Mocked("a")) == {}
    assert policy.stale(Mocked("a"), None) is None
    assert policy.stale(Mocked("a"), Noted(1_000_000_001, {})) is None
    assert policy.stale(Mocked("a"), Noted(1_000_000_000, {})) is not None


@pytest.mark.parametrize("argument", ["", "soon", "0", "-1d"])
def test_an_age_must_be_one(argument: str) -> None:
    with pytest.raises(BadAge):
        MaxAge(argument)


# --- parameters ----------------------------------------------------------------------------------------------------


def test_an_insignificant_parameter_makes_it_stale_once_it_is_known(node: Any, find: Any, written: Any) -> None:
    class Sized(node):
        freshness = "parameters"
        key = luigi.Parameter(default="", visibility=ParameterVisibility.PRIVATE)

    written("a")
    assert not find(Sized("a", workers=3)).reasons, "what never ran with the policy is fresh"
    assert build(Sized("b", workers=3, key="hush hush"))
    kept = Path(FOLDER, f"{Sized('b').task_id}.json").read_text()
    assert "hush" not in kept
    luigi.task_register.Register.clear_instance_cache()
    assert not find(Sized("b", workers=3, key="other")).reasons
    luigi.task_register.Register.clear_instance_cache()
    task = Sized("b", workers=4)
    assert find(task).reasons[task.task_id].text == "parameter workers: not as when it ran"
    assert build(task)
    assert node.ran == ["b", "b"]
    assert not find(task).reasons


# --- code ----------------------------------------------------------------------------------------------------------

BASE = '''
import luigi

class CodeBase(luigi.Task):
    """What it is."""

    name = luigi.Parameter(default="a")
    freshness = "code"

    def output(self):
        return luigi.LocalTarget(f"code-{self.name}.txt")

    def run(self):
        """How it is done."""
        with self.output().open("w") as file:
            file.write("one")  # a comment


class CodeTask(CodeBase):
    def more(self):
        return [1, "two", {"three": None}, *self.name, f"{self.name!r}"]


class CodeOther(CodeBase):
    pass
'''


@pytest.fixture
def module(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Writes a module of tasks, which replaces the last one, and imports it."""
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)

    def module(text: str) -> Any:
        before = sys.modules.pop("code_of_tasks", None)
        if before is not None:
            for family in ("CodeBase", "CodeTask", "CodeOther"):
                luigi.task_register.Register._families.pop(family, None)
        (folder / "code_of_tasks.py").write_text(text)
        importlib.invalidate_caches()
        return importlib.import_module("code_of_tasks")

    yield module
    module("")
    sys.modules.pop("code_of_tasks", None)


@pytest.mark.parametrize(
    "edit",
    [
        lambda text: text.replace("# a comment", "# another"),
        lambda text: text.replace('"""What it is."""', '"""What it was."""'),
        lambda text: text.replace('        """How it is done."""\n', ""),
        lambda text: text.replace('"code"', "'code'"),
        lambda text: text.replace('file.write("one")', 'file.write(\n                ("one")\n            )'),
        lambda text: "import os\n\nX = 3\n\n" + text.replace("\n\n\n", "\n\n\n\n\n"),
        lambda text: text.replace("class CodeOther(CodeBase):\n    pass", "class CodeOther(CodeBase):\n    x = 1"),
    ],
)
def test_what_does_not_count_as_a_change(module: Any, find: Any, edit: Callable[[str], str]) -> None:
    assert build(module(BASE).CodeTask())
    assert edit(BASE) != BASE
    assert not find(module(edit(BASE)).CodeTask()).reasons


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        ('write("one")', 'write("two")', "CodeBase"),
        ("[1,", "[2,", "CodeTask"),
        ("return [1", "return  3 or [1", "CodeTask"),
        ("{self.name!r}", "{self.name}", "CodeTask"),
        ("*self.name", "self.name", "CodeTask"),
        ("None", "False", "CodeTask"),
        ("class CodeTask(CodeBase):", "class CodeTask(CodeBase, luigi.Task):", "CodeTask"),
    ],
)
def test_what_counts(module: Any, find: Any, before: str, after: str, changed: str) -> None:
    assert build(module(BASE).CodeTask())
    assert before in BASE
    task = module(BASE.replace(before, after)).CodeTask()
    reason = find(task).reasons[task.task_id]
    assert reason == (STALE, "code", f"the code of code_of_tasks.{changed} has changed")
    assert build(task)
    assert not find(task).reasons


def test_a_class_without_source_is_fresh(find: Any, written: Any) -> None:
    space: dict[str, Any] = {"__name__": "no.such.module"}
    exec(BASE, space)  # as somebody types it
    written("code-a")
    task = space["CodeTask"]()
    assert not find(task).reasons
    for family in ("CodeBase", "CodeTask", "CodeOther"):
        luigi.task_register.Register._families.pop(family, None)


# --- what is remembered --------------------------------------------------------------------------------------------


def test_a_run_remembers_complete_tasks_once_they_have_a_policy(module: Any, find: Any, written: Any) -> None:
    written("code-a")
    assert build(module(BASE).CodeTask())
    reasons = find(module(BASE.replace('"one"', '"two"')).CodeTask()).reasons
    assert [reason.text for reason in reasons.values()] == ["the code of code_of_tasks.CodeBase has changed"]


def test_looking_remembers_nothing(module: Any, find: Any, written: Any, folder: Path) -> None:
    written("code-a")
    task = module(BASE).CodeTask()
    before = sorted(folder.rglob("*"))
    find(task)
    assert sorted(folder.rglob("*")) == before


def test_a_policy_that_comes_later_leaves_what_another_remembers(module: Any, find: Any) -> None:
    assert build(module(BASE).CodeTask())
    path = next(Path(FOLDER).iterdir())
    at = json.loads(path.read_text())["policies"]["code"]["at"]
    assert build(module(BASE.replace('"code"', '["code", "parameters"]')).CodeOther("a"))  # CodeOther: another id
    changed = module(BASE.replace('freshness = "code"', 'freshness = ["parameters", "code"]')).CodeTask()
    assert find(changed).reasons[changed.task_id].by == "code"
    assert json.loads(path.read_text())["policies"]["code"]["at"] == at


def test_a_task_that_fails_is_not_remembered(module: Any) -> None:
    task = module(BASE.replace('file.write("one")', "raise ValueError")).CodeTask()
    assert not build(task)
    assert not os.path.exists(FOLDER)


@pytest.mark.parametrize("text", ["{", "[]", "3", '{"version": 99}', '{"version": 1, "policies": {"code": 3}}'])
def test_a_fingerprint_that_cannot_be_read_is_none(
    module: Any, find: Any, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    task = module(BASE).CodeTask()
    assert build(task)
    path = next(Path(FOLDER).iterdir())
    path.write_text(text)
    with caplog.at_level("WARNING", "luigi-interface"):
        assert not find(task).reasons
    assert "cannot be read, and is taken for none" in caplog.text
    assert build(task)
    assert json.loads(path.read_text())["version"] == 1


def test_in_a_database(module: Any, find: Any, folder: Path) -> None:
    get_config().set("freshness", "store", "sqlite:///kept/prints.db")
    task = module(BASE).CodeTask()
    assert not find(task).reasons
    assert not (folder / "kept").exists()
    assert build(task, workers=2)
    assert sorted(path.name for path in folder.iterdir()) == ["code-a.txt", "code_of_tasks.py", "kept"]
    changed = module(BASE.replace('"one"', '"two"')).CodeTask()
    assert find(changed).reasons
    assert build(changed)
    assert not find(changed).reasons


def test_a_task_without_local_outputs_needs_a_database(node: Any, find: Any) -> None:
    class Elsewhere(node):
        freshness = "code"

        def output(self) -> Any:
            return MockTarget(self.name)

        def complete(self) -> bool:
            return True

    with pytest.raises(NowhereToNote) as caught:
        find(Elsewhere("a"))
    assert "sqlite:///" in caught.value.hint


def test_a_store_that_there_is_not(node: Any, find: Any) -> None:
    get_config().set("freshness", "store", "redis://localhost")
    with pytest.raises(ConfigurationError, match="no place for fingerprints"):
        find(node("a"), these=["Node"])


def test_a_yielded_task_is_remembered_too(module: Any, find: Any) -> None:
    yielding = BASE.replace("    pass\n", "    def run(self):\n        yield CodeTask()\n        super().run()\n")
    assert build(module(yielding).CodeOther("b"))
    changed = module(yielding.replace("[1,", "[2,")).CodeTask()
    assert find(changed).reasons


def test_members_of_a_batch_are_remembered(node: Any, find: Any) -> None:
    class Batched(node):
        freshness = "parameters"
        name = luigi.Parameter(batch_method=lambda names: ",".join(sorted(names)))

        def run(self) -> Any:
            self.ran.append(self.name)
            for name in self.name.split(","):
                Path(f"{name}.txt").write_text(name)

        def complete(self) -> bool:
            return all(Path(f"{name}.txt").exists() for name in self.name.split(","))

    assert build(Batched(name="a"), Batched(name="b"))
    assert node.ran == ["a,b"]
    assert sorted(path.name for path in Path(FOLDER).iterdir() if not path.name.startswith("Batched_a_b")) == [
        f"{Batched(name=name).task_id}.json" for name in "ab"
    ]
