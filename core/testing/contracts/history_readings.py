"""What every history that can be asked must answer, as a pytest class to subclass, beside `TaskHistoryContract`.

class TestMyReading(HistoryReadingContract):
    @pytest.fixture
    def history(self, tmp_path):
        with closing(MyHistory(tmp_path / "history")) as history:
            yield history
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pytest

from luigi.history_reading import AttemptsWanted, HistoryReading, NoSuchPlace, Page, TasksWanted
from luigi.telling import AttemptEnded, AttemptStarted, RunBegan, RunEnded, TaskFacts, TaskScheduled
from luigi.testing.contracts.contract import Contract
from luigi.testing.contracts.threads import in_another_thread

AT: Final = 1_700_000_000.25
"""When it all begins. Seconds since the epoch."""

LOAD: Final = TaskFacts("Load_1", "Load", {"day": "1", "n": "7"}, worker_running="w", token=1)
RUN: Final = RunBegan("w", AT, "a.host", "ann", "luigi Load", "c0ffee", ("Load_1", "Load_2"))


def life(number: int, family: str = "Load", *, fails: bool = False) -> list[Any]:
    """A task that runs a second after it came, and ends a second later; each comes ten seconds after the other."""
    task = LOAD._replace(id=f"{family}_{number}", family=family, params={"n": str(number)}, token=number)
    at = AT + 10 * number
    return [
        TaskScheduled(task, at),
        AttemptStarted(task, at + 1, "a.host"),
        AttemptEnded(task, at + 2, not fails, "ValueError: sorry" if fails else ""),
    ]


def walk(ask: Callable[[str], Page[Any]]) -> list[Any]:
    """All of a list, page by page."""
    found: list[Any] = []
    after = ""
    for _ in range(100):
        page = ask(after)
        found += page.items
        if not page.next:
            return found
        after = page.next
    raise AssertionError("the pages do not end")


class HistoryReadingContract(Contract):
    """Asking: what was recorded is found, the newest first, on pages that neither repeat nor miss."""

    @pytest.fixture
    def history(self) -> Any:
        """One that is open and empty, and has both `record` and `reading`."""
        raise NotImplementedError("give a `history` fixture")

    @pytest.fixture
    def reading(self, history: Any) -> HistoryReading:
        """What is asked."""
        reading: HistoryReading = history.reading()
        return reading

    @pytest.fixture
    def ten(self, history: Any) -> None:
        """Ten tasks of two families, of which the fourth failed."""
        history.record([RUN, *[fact for n in range(1, 11) for fact in life(n, "LC"[n % 2], fails=n == 4)]])

    # --- nothing -----------------------------------------------------------------------------------------------

    def test_an_empty_one_has_nothing(self, reading: HistoryReading) -> None:
        for page in (
            reading.latest(0, 10),
            reading.tasks(TasksWanted(), 10),
            reading.attempts(AttemptsWanted(), 10),
            reading.events(1, 10),
            reading.runs(10),
            reading.families(10),
        ):
            assert (list(page.items), page.next) == ([], "")

    @pytest.mark.parametrize("number", [0, 7, 2**31, 2**63, 10**30, -1])
    def test_what_is_not_there_is_none(self, reading: HistoryReading, number: int) -> None:
        assert reading.task(number) is None
        assert reading.attempt(number) is None
        assert reading.run(number) is None
        assert not reading.events(number, 10).items
        assert not reading.attempts(AttemptsWanted(record=number, run=number), 10).items

    # --- tasks -------------------------------------------------------------------------------------------------

    def test_a_task_is_found_with_all_that_is_known(self, history: Any, reading: HistoryReading) -> None:
        history.record([RUN, *life(3, fails=True)])
        (task,) = reading.tasks(TasksWanted(task_id="Load_3"), 10).items
        assert (task.task_id, task.family, task.host, dict(task.params)) == ("Load_3", "Load", "a.host", {"n": "3"})
        assert task.status == "FAILED"
        assert task.at == pytest.approx(AT + 32, abs=0.001)
        assert task.attempt is not None
        assert (task.attempt.status, task.attempt.error) == ("FAILED", "ValueError: sorry")
        assert reading.task(task.record) == task

    def test_its_events_are_in_order(self, history: Any, reading: HistoryReading) -> None:
        history.record(life(3))
        (task,) = reading.tasks(TasksWanted(), 10).items
        events = walk(lambda after: reading.events(task.record, 2, after))
        assert [one.status for one in events] == ["DONE", "RUNNING", "PENDING"]
        assert [one.at for one in events] == pytest.approx([AT + 32, AT + 31, AT + 30], abs=0.001)

    @pytest.mark.usefixtures("ten")
    @pytest.mark.parametrize("limit", [1, 3, 5, 10, 100])
    def test_pages_neither_repeat_nor_miss(self, reading: HistoryReading, limit: int) -> None:
        newest_first = [f"{'LC'[n % 2]}_{n}" for n in range(10, 0, -1)]
        tasks = walk(lambda after: reading.tasks(TasksWanted(), limit, after))
        assert [one.task_id for one in tasks] == newest_first
        assert [one.task_id for one in walk(lambda after: reading.latest(0, limit, after))] == newest_first
        attempts = walk(lambda after: reading.attempts(AttemptsWanted(), limit, after))
        assert [one.task_id for one in attempts] == newest_first
        assert [one.name for one in walk(lambda after: reading.families(limit, after))] == ["C", "L"]

    @pytest.mark.usefixtures("ten")
    def test_what_is_recorded_meanwhile_moves_no_page(self, history: Any, reading: HistoryReading) -> None:
        first = reading.tasks(TasksWanted(), 4)
        history.record(life(50))
        second = reading.tasks(TasksWanted(), 100, first.next)
        assert [one.task_id for one in second.items] == ["L_6", "C_5", "L_4", "C_3", "L_2", "C_1"]

    @pytest.mark.usefixtures("ten")
    def test_a_family_s_tasks(self, reading: HistoryReading) -> None:
        found = walk(lambda after: reading.tasks(TasksWanted(family="C"), 2, after))
        assert [one.task_id for one in found] == ["C_9", "C_7", "C_5", "C_3", "C_1"]
        assert not reading.tasks(TasksWanted(family="c"), 10).items
        (c, ell) = reading.families(10).items
        assert (c.name, c.tasks, ell.name, ell.tasks) == ("C", 5, "L", 5)
        assert c.last == found[0].record

    @pytest.mark.usefixtures("ten")
    def test_values_of_parameters(self, history: Any, reading: HistoryReading) -> None:
        history.record([TaskScheduled(LOAD, AT)])
        both = reading.tasks(TasksWanted(params={"n": "7", "day": "1"}), 10).items
        assert [one.task_id for one in both] == ["Load_1"]
        assert {one.task_id for one in reading.tasks(TasksWanted(params={"n": "7"}), 10).items} == {"C_7", "Load_1"}
        assert not reading.tasks(TasksWanted(family="L", params={"n": "7"}), 10).items
        assert not reading.tasks(TasksWanted(params={"n": "", "missing": "7"}), 10).items

    @pytest.mark.usefixtures("ten")
    def test_the_latest_are_those_to_which_something_happened_last(self, history: Any, reading: HistoryReading) -> None:
        history.record([TaskScheduled(LOAD._replace(id="C_1", family="C", params={"n": "1"}), AT + 1000)])
        found = reading.latest(AT + 80, 100).items
        assert [(one.task_id, one.status) for one in found] == [
            ("C_1", "PENDING"),
            ("L_10", "DONE"),
            ("C_9", "DONE"),
            ("L_8", "DONE"),
        ]

    def test_what_pages_do_not_show_is_not_given(self, history: Any, reading: HistoryReading) -> None:
        history.record([TaskScheduled(LOAD._replace(hidden=("day", "no such")), AT)])
        (task,) = reading.tasks(TasksWanted(), 10).items
        assert dict(task.params) == {"n": "7"}
        assert reading.task(task.record) == task

    def test_long_values_are_cut_in_lists_alone(self, history: Any, reading: HistoryReading) -> None:
        long = LOAD._replace(params={"p": "ä" * 10_000, "q": "short"}, token=9)
        error = "x" * 20_000
        history.record([AttemptStarted(long, AT), AttemptEnded(long, AT + 1, False, error)])
        (task,) = reading.tasks(TasksWanted(), 10).items
        assert task.cut
        assert task.params["p"] in "ä" * 1000
        assert task.params["q"] == "short"
        whole = reading.task(task.record)
        assert whole is not None
        assert (whole.cut, whole.params["p"]) == (False, "ä" * 10_000)
        (attempt,) = reading.attempts(AttemptsWanted(), 10).items
        assert attempt.cut
        assert attempt.error in "x" * 1000
        assert reading.attempt(attempt.attempt) == attempt._replace(error=error, cut=False)

    # --- attempts and runs -------------------------------------------------------------------------------------

    @pytest.mark.usefixtures("ten")
    def test_attempts_of_a_task_and_of_a_run(self, history: Any, reading: HistoryReading) -> None:
        history.record([AttemptStarted(LOAD._replace(id="L_4", family="L", token=99), AT + 500, "b.host")])
        again, first = reading.attempts(AttemptsWanted(task_id="L_4"), 10).items
        assert (again.status, again.ended, again.host) == ("RUNNING", None, "b.host")
        assert (first.status, first.error, first.worker) == ("FAILED", "ValueError: sorry", "w")
        assert (first.started, first.ended) == pytest.approx((AT + 41, AT + 42), abs=0.001)
        (run,) = reading.runs(10).items
        assert {again.run, first.run} == {run.run}
        assert len(reading.attempts(AttemptsWanted(run=run.run), 100).items) == 11
        assert reading.attempts(AttemptsWanted(record=first.record), 10).items == [again, first]
        assert not reading.attempts(AttemptsWanted(task_id="L_4", run=run.run + 1), 10).items

    @pytest.mark.usefixtures("ten")
    def test_a_run_from_its_beginning_to_its_end(self, history: Any, reading: HistoryReading) -> None:
        (run,) = reading.runs(10).items
        assert (run.worker, run.host, run.user, run.command) == ("w", "a.host", "ann", "luigi Load")
        assert (run.code_version, run.roots, run.status, run.ended) == ("c0ffee", ("Load_1", "Load_2"), "", None)
        assert run.began == pytest.approx(AT, abs=0.001)
        history.record([RunEnded("w", AT + 500, "SCHEDULING_FAILED")])
        whole = reading.run(run.run)
        assert whole is not None
        assert whole.status == "SCHEDULING_FAILED"
        assert whole.ended == pytest.approx(AT + 500, abs=0.001)
        assert dict(whole.attempts) == {"DONE": 9, "FAILED": 1}

    def test_a_run_told_again_is_the_same_run(self, history: Any, reading: HistoryReading) -> None:
        history.record([RunBegan("w", AT, "a.host")])
        history.record([RUN._replace(at=AT + 5), *life(1)])
        (run,) = reading.runs(10).items
        assert run.began == pytest.approx(AT, abs=0.001)
        assert run.command == "luigi Load"
        history.record([RunEnded("w", AT + 9, "LOST"), RUN._replace(at=AT + 60)])
        history.record([RUN._replace(at=AT + 70)])
        assert [one.status for one in reading.runs(10).items] == ["", "LOST"]

    def test_many_runs(self, history: Any, reading: HistoryReading) -> None:
        history.record([RUN._replace(run_id=f"w{n}", at=AT + n) for n in range(25)])
        assert [one.worker for one in walk(lambda after: reading.runs(10, after))] == [
            f"w{n}" for n in range(24, -1, -1)
        ]

    def test_of_many_roots_a_list_has_some(self, history: Any, reading: HistoryReading) -> None:
        roots = tuple(f'Load_{n}_", "\\' for n in range(1000))
        history.record([RUN._replace(roots=roots, command="c" * 5000)])
        (run,) = reading.runs(10).items
        assert run.cut
        assert 0 < len(run.roots) < 1000
        assert run.roots == roots[: len(run.roots)]
        whole = reading.run(run.run)
        assert whole is not None
        assert (whole.cut, whole.roots, whole.command) == (False, roots, "c" * 5000)

    # --- whoever asks, and whatever ----------------------------------------------------------------------------

    @pytest.mark.parametrize(
        "after",
        [
            "nonsense",
            "-1",
            "1e3",
            "9" * 400,
            "9" * 10,
            "~",
            "2024-01-01~x",
            "2024-13-01~1",
            "2024-01-01~99999999999",
            "\0",
            "٣",
        ],
    )
    def test_a_page_that_begins_nowhere_is_refused(self, reading: HistoryReading, after: str) -> None:
        for ask in (
            lambda: reading.latest(0, 10, after),
            lambda: reading.tasks(TasksWanted(), 10, after),
            lambda: reading.attempts(AttemptsWanted(), 10, after),
            lambda: reading.runs(10, after),
        ):
            with pytest.raises(NoSuchPlace):
                ask()
        reading.families(10, after)

    @pytest.mark.parametrize("text", ["\0", "a\0b", "\udcff", "'; DROP TABLE tasks; --", "%", "ä" * 70_000, "\\", ":n"])
    def test_any_text_may_be_asked_for(self, history: Any, reading: HistoryReading, text: str) -> None:
        history.record(life(1))
        assert not reading.tasks(TasksWanted(family=text), 10).items
        assert not reading.tasks(TasksWanted(task_id=text), 10).items
        assert not reading.tasks(TasksWanted(params={text: text}), 10).items
        assert not reading.attempts(AttemptsWanted(task_id=text), 10).items
        assert len(reading.families(10, "").items) == 1
        reading.families(10, text)

    @pytest.mark.usefixtures("ten")
    def test_a_limit_is_kept_within_bounds(self, reading: HistoryReading) -> None:
        assert len(reading.tasks(TasksWanted(), 0).items) == 1
        assert len(reading.tasks(TasksWanted(), 10**9).items) == 10

    @pytest.mark.usefixtures("ten")
    def test_any_thread_may_ask(self, reading: HistoryReading) -> None:
        found: list[int] = []
        in_another_thread(lambda: found.append(len(reading.tasks(TasksWanted(), 100).items)))
        assert found == [len(reading.tasks(TasksWanted(), 100).items)] == [10]

    def test_it_can_be_asked_after_closing(self, history: Any, reading: HistoryReading) -> None:
        history.record(life(1))
        reading.close()
        assert len(reading.tasks(TasksWanted(), 10).items) == 1
