"""What every freshness policy must do, as a pytest class to subclass.

class TestMyPolicy(FreshnessPolicyContract):
    remembers = True

    @pytest.fixture
    def make(self):
        return lambda: MyPolicy("")

    @pytest.fixture
    def task(self, tmp_path):
        return MyTask(str(tmp_path))

    @pytest.fixture
    def spoil(self, tmp_path):
        return lambda: MyTask(str(tmp_path), size=4)
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from luigi.clock import SYSTEM
from luigi.redo.policy import FreshnessPolicy, Noted
from luigi.task import Task
from luigi.testing.contracts.contract import Contract, only_where

Make = Callable[[], FreshnessPolicy]
Spoil = Callable[[], Task]


class FreshnessPolicyContract(Contract):
    """Telling what is stale: what was spoiled and nothing else, in words, and without touching anything."""

    remembers = False  # True where it compares with what it noted when the task ran
    secrets: Sequence[str] = ()
    """Values of private parameters of the tested task."""

    @pytest.fixture
    def make(self) -> Make:
        """Makes a policy as each run does, with the text behind its name."""
        raise NotImplementedError("give a `make` fixture")

    @pytest.fixture
    def task(self) -> Task:
        """A complete task, as if it had just run; what it has on the disk is in `tmp_path`."""
        raise NotImplementedError("give a `task` fixture")

    @pytest.fixture
    def spoil(self) -> Spoil:
        """Does what the policy calls stale; gives the task as it is then."""
        raise NotImplementedError("give a `spoil` fixture")

    def ran(self, policy: FreshnessPolicy, task: Task) -> Noted | None:
        """What is remembered of a task that has just run."""
        marks = policy.note(task)
        return None if marks is None else Noted(SYSTEM.now(), dict(marks))

    def test_what_has_just_run_is_fresh(self, make: Make, task: Task) -> None:
        assert make().stale(task, self.ran(make(), task)) is None

    def test_what_was_spoiled_is_stale(self, make: Make, task: Task, spoil: Spoil) -> None:
        noted = self.ran(make(), task)
        why = make().stale(spoil(), noted)
        assert why
        assert why == why.strip()
        assert len(why.splitlines()) == 1, "it becomes part of a line"

    def test_it_says_the_same_twice(self, make: Make, task: Task, spoil: Spoil) -> None:
        policy, noted = make(), self.ran(make(), task)
        assert policy.stale(task, noted) == policy.stale(task, noted)
        spoiled, later = spoil(), make()
        assert later.stale(spoiled, noted) == later.stale(spoiled, noted)

    @only_where(remembers=True)
    def test_it_remembers(self, make: Make, task: Task) -> None:
        assert make().note(task) is not None

    @only_where(remembers=True)
    def test_what_never_ran_with_the_policy_is_fresh(self, make: Make, task: Task, spoil: Spoil) -> None:
        assert make().stale(task, None) is None
        assert make().stale(spoil(), None) is None, "whoever begins to use the policy need not run everything"

    def test_what_it_remembers_can_be_kept(self, make: Make, task: Task) -> None:
        marks = make().note(task)
        if marks is not None:
            assert {str(name): str(mark) for name, mark in marks.items()} == marks
            assert json.loads(json.dumps(dict(marks))) == marks

    def test_it_tells_no_secret(self, make: Make, task: Task, spoil: Spoil) -> None:
        noted = self.ran(make(), task)
        said = f"{noted} {make().stale(spoil(), noted)}"
        assert not [secret for secret in self.secrets if secret in said]

    def test_it_touches_nothing(self, make: Make, task: Task, tmp_path: Path) -> None:
        before = _facts(tmp_path)
        policy = make()
        policy.stale(task, self.ran(policy, task))
        assert _facts(tmp_path) == before

    def test_it_says_whether_it_follows(self, make: Make) -> None:
        assert make().follows in (True, False)


def _facts(folder: Path) -> dict[str, float]:
    return {str(path): path.stat().st_mtime for path in [folder, *folder.rglob("*")]}
