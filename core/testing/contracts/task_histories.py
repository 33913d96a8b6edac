"""What every task history must do, as a pytest class to subclass.

class TestMyHistory(TaskHistoryContract):
    @pytest.fixture
    def reopen(self, tmp_path):
        return lambda: MyHistory(tmp_path / "history")

    @pytest.fixture
    def kept(self, tmp_path):
        return lambda: Kept(tasks={...}, runs={...})  # all that is there, read anew
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any, NamedTuple

import pytest

from luigi.telling import (
    NOTHING,
    AttemptEnded,
    AttemptStarted,
    RunBegan,
    RunEnded,
    TaskFacts,
    TaskHistory,
    TaskScheduled,
)
from luigi.testing.contracts.contract import Contract, only_where
from luigi.testing.contracts.threads import in_another_thread

AT = 1_700_000_000.25
"""When it all begins. Seconds since the epoch."""

LOAD = TaskFacts(
    "Load_1_ab", "Load", {"day": "2024-05-01"}, worker_running="a worker", token=7, time_running=AT + 1, updated=AT
)

RUN = RunBegan("a worker", AT, "a.host", "ann", "load.py Load --day 2024-05-01", "3f2c1d", ("Load_1_ab",))


class KeptTask(NamedTuple):
    """What is kept of one task, of all its attempts together."""

    family: str
    params: Mapping[str, str]
    events: Sequence[tuple[str, float]]
    """Names (PENDING, RUNNING, DONE, FAILED) and times, in order. Seconds since the epoch."""
    errors: Sequence[str] = ()
    """What its failures said; empty for a history that does not keep that."""


class KeptRun(NamedTuple):
    """What is kept of one run."""

    status: str = ""
    """Empty as long as it goes on."""
    host: str = ""
    user: str = ""
    command: str = ""
    code_version: str = ""


class Kept(NamedTuple):
    """All that is kept, by task id and run id."""

    tasks: Mapping[str, KeptTask]
    runs: Mapping[str, KeptRun] = NOTHING


class _Unreadable(Mapping[str, str]):
    """Parameters that cannot be read, so that whatever holds them cannot be kept."""

    def __getitem__(self, name: str) -> str:
        raise OSError("unreadable")

    def __iter__(self) -> Iterator[str]:
        raise OSError("unreadable")

    def __len__(self) -> int:
        return 1


def life_of(task: TaskFacts, *, fails: bool = False, at: float = AT) -> list[Any]:
    """What happens to a task that comes, runs and ends, a second apart."""
    return [
        TaskScheduled(task, at),
        AttemptStarted(task, at + 1, "a.host"),
        AttemptEnded(task, at + 2, not fails, "ValueError: sorry" if fails else ""),
    ]


class TaskHistoryContract(Contract):
    """Keeping what happened: in order, all or nothing, beyond the process, whatever the texts in it."""

    keeps_runs = True  # False for a history that knows tasks alone
    keeps_errors = True  # False where it is not kept what failures say

    @pytest.fixture
    def reopen(self) -> Callable[[], TaskHistory]:
        """A function that opens the history, at the same empty place each time, as after a restart."""
        raise NotImplementedError("give a `reopen` fixture")

    @pytest.fixture
    def kept(self) -> Callable[[], Kept]:
        """A function that reads all that is there, by a way of its own."""
        raise NotImplementedError("give a `kept` fixture")

    @pytest.fixture
    def history(self, reopen: Callable[[], TaskHistory]) -> Iterator[TaskHistory]:
        """One that is open."""
        with closing(reopen()) as history:
            yield history

    def names(self, kept: Kept, task_id: str = LOAD.id) -> list[str]:
        """The names of what happened to a task, in order."""
        return [name for name, _ in kept.tasks[task_id].events]

    def test_there_is_nothing_at_first(self, history: TaskHistory, kept: Callable[[], Kept]) -> None:
        history.record([])
        assert not kept().tasks
        assert not kept().runs

    def test_a_task_s_life_is_kept_with_its_times(self, history: TaskHistory, kept: Callable[[], Kept]) -> None:
        history.record(life_of(LOAD))
        (task,) = kept().tasks.values()
        assert (task.family, dict(task.params)) == ("Load", {"day": "2024-05-01"})
        assert [name for name, _ in task.events] == ["PENDING", "RUNNING", "DONE"]
        assert [at for _, at in task.events] == pytest.approx([AT, AT + 1, AT + 2], abs=0.001)

    def test_a_failure_is_kept_with_what_it_said(self, history: TaskHistory, kept: Callable[[], Kept]) -> None:
        history.record(life_of(LOAD, fails=True))
        assert self.names(kept()) == ["PENDING", "RUNNING", "FAILED"]
        assert list(kept().tasks[LOAD.id].errors) == (["ValueError: sorry"] if self.keeps_errors else [])

    def test_it_makes_no_difference_how_facts_are_dealt(self, history: TaskHistory, kept: Callable[[], Kept]) -> None:
        for happened in life_of(LOAD):
            history.record([happened])
        assert self.names(kept()) == ["PENDING", "RUNNING", "DONE"]

    def test_each_attempt_counts(self, history: TaskHistory, kept: Callable[[], Kept]) -> None:
        history.record(life_of(LOAD, fails=True))
        history.record(life_of(LOAD._replace(token=8), at=AT + 100)[1:])
        assert self.names(kept()) == ["PENDING", "RUNNING", "FAILED", "RUNNING", "DONE"]

    def test_what_was_found_done_is_kept(self, history: TaskHistory, kept: Callable[[], Kept]) -> None:
        found = LOAD._replace(worker_running=None, token=0, time_running=None)
        history.record([AttemptEnded(found, AT, True)])
        assert self.names(kept()) == ["DONE"]

    def test_many_at_once_stay_apart(self, history: TaskHistory, kept: Callable[[], Kept]) -> None:
        lives = [life_of(LOAD._replace(id=f"Load_{n}", params={"n": str(n)}, token=n)) for n in range(300)]
        history.record([happened for one_each in zip(*lives, strict=True) for happened in one_each])
        tasks = kept().tasks
        assert len(tasks) == 300
        assert all(self.names(kept(), f"Load_{n}") == ["PENDING", "RUNNING", "DONE"] for n in (0, 7, 299))
        assert all(dict(tasks[f"Load_{n}"].params) == {"n": str(n)} for n in range(300))

    def test_it_goes_on_after_a_restart(self, reopen: Callable[[], TaskHistory], kept: Callable[[], Kept]) -> None:
        for happened in life_of(LOAD):
            with closing(reopen()) as history:
                history.record([happened])
        assert self.names(kept()) == ["PENDING", "RUNNING", "DONE"]

    def test_two_may_write_at_one_place(self, reopen: Callable[[], TaskHistory], kept: Callable[[], Kept]) -> None:
        with closing(reopen()) as one, closing(reopen()) as other:
            one.record(life_of(LOAD))
            other.record(life_of(LOAD._replace(id="Clean_1", family="Clean")))
            one.record(life_of(LOAD._replace(id="Load_2")))
        assert set(kept().tasks) == {"Load_1_ab", "Clean_1", "Load_2"}

    def test_all_is_kept_or_nothing(self, history: TaskHistory, kept: Callable[[], Kept]) -> None:
        unreadable = LOAD._replace(id="Bad_1", family="Bad", params=_Unreadable())
        with pytest.raises(Exception):  # noqa: B017 - it may put it in words of its own
            history.record([*life_of(LOAD), *life_of(unreadable)])
        assert not kept().tasks
        history.record(life_of(LOAD))
        assert self.names(kept()) == ["PENDING", "RUNNING", "DONE"]

    @pytest.mark.parametrize(
        "text",
        ['it\'s "quoted"', "Grüße 日本 \N{SNOWMAN}", "a\0b", "\udcff from a file name", "x" * 100_000, "", "%s {0} :n"],
        ids=["quotes", "not ASCII", "a NUL", "a surrogate", "long", "empty", "placeholders"],
    )
    def test_any_text_is_kept_or_cut_and_loses_nothing_else(
        self, history: TaskHistory, kept: Callable[[], Kept], text: str
    ) -> None:
        strange = LOAD._replace(id="Strange_1", params={"p": text, "q": "1"}, expl=text)
        life = [*life_of(strange)[:2], AttemptEnded(strange, AT + 2, False, text)]
        history.record([*life, RUN._replace(run_id="another", command=text, user=text), *life_of(LOAD)])
        assert self.names(kept(), "Strange_1") == ["PENDING", "RUNNING", "FAILED"]
        assert self.names(kept()) == ["PENDING", "RUNNING", "DONE"]
        assert kept().tasks["Strange_1"].params["q"] == "1"
        if "\0" not in text and "\udcff" not in text:
            found = kept().tasks["Strange_1"].params["p"]
            assert found == text if len(text) < 200 else text.startswith(found[:100])

    def test_any_thread_may_call(self, history: TaskHistory, kept: Callable[[], Kept]) -> None:
        history.record(life_of(LOAD)[:1])
        in_another_thread(lambda: history.record(life_of(LOAD)[1:]))
        assert self.names(kept()) == ["PENDING", "RUNNING", "DONE"]

    def test_closing_twice_is_closing_once(self, reopen: Callable[[], TaskHistory]) -> None:
        history = reopen()
        history.record(life_of(LOAD))
        history.close()
        history.close()

    # --- runs ------------------------------------------------------------------------------------------------------

    @only_where(keeps_runs=True)
    def test_a_run_is_kept_from_its_beginning_to_its_end(self, history: TaskHistory, kept: Callable[[], Kept]) -> None:
        history.record([RUN])
        began = KeptRun("", "a.host", "ann", "load.py Load --day 2024-05-01", "3f2c1d")
        assert kept().runs == {"a worker": began}
        history.record([*life_of(LOAD), RunEnded("a worker", AT + 9, "SUCCESS")])
        assert kept().runs == {"a worker": began._replace(status="SUCCESS")}

    @only_where(keeps_runs=True)
    def test_an_end_without_a_beginning_does_no_harm(self, history: TaskHistory, kept: Callable[[], Kept]) -> None:
        history.record([RunEnded("a stranger", AT, "LOST"), RUN, *life_of(LOAD)])
        assert "a worker" in kept().runs
        assert self.names(kept()) == ["PENDING", "RUNNING", "DONE"]
