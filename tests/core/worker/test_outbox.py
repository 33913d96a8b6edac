"""What waits to be said: in order, and of progress only the last of each kind."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from luigi.interfaces import Answer, Batcher, Progress, Report, TaskSpec
from luigi.task_status import DONE
from luigi.worker.outbox import MOST_SAID, Declaring, Outbox


def taken(outbox: Outbox) -> list[object]:
    found = []
    while (one := outbox.take()) is not None:
        found.append(one)
    return found


def test_what_is_said_goes_in_one_call_and_tasks_in_another_in_order() -> None:
    outbox = Outbox()
    first, second = Report("a", 1, DONE), Report("b", 2, DONE)
    outbox.say([first])
    outbox.declare([TaskSpec("c", "C")], [Batcher("C", ["x"])])
    outbox.say([second])
    outbox.say([Answer("b", "m", "pong")])
    assert outbox
    assert taken(outbox) == [
        [first],
        Declaring([TaskSpec("c", "C")], [Batcher("C", ["x"])]),
        [second, Answer("b", "m", "pong")],
    ]
    assert not outbox


def test_of_progress_the_last_of_each_kind_is_kept() -> None:
    outbox = Outbox()
    outbox.say([Progress("a", 1, status_message="begun", percentage=1), Progress("b", 2, percentage=5)])
    outbox.say([Progress("a", 1, percentage=50, given_back={"gpu": 1}), Progress("a", 1, tracking_url="http://x")])
    outbox.say([Progress("a", 1, given_back={"gpu": 1, "cpu": 2}), Progress("a", 1)])
    assert taken(outbox) == [
        [Progress("a", 1, "http://x", "begun", 50, {"gpu": 2, "cpu": 2}), Progress("b", 2, percentage=5)]
    ]


def test_the_progress_of_another_attempt_is_another() -> None:
    outbox = Outbox()
    said = [Progress("a", 1, percentage=1), Report("a", 1, DONE), Progress("a", 2, percentage=2)]
    outbox.say(said)
    assert taken(outbox) == [said]


def test_nothing_joins_a_call_that_was_taken() -> None:
    outbox = Outbox()
    outbox.say([Progress("a", 1, percentage=1)])
    outbox.declare([], [])
    first = outbox.take()
    outbox.say([Progress("a", 1, percentage=2)])
    assert first == [Progress("a", 1, percentage=1)]
    assert taken(outbox) == [Declaring([], []), [Progress("a", 1, percentage=2)]]


def test_calls_are_bounded() -> None:
    outbox = Outbox()
    outbox.say([Report(str(n), n, DONE) for n in range(MOST_SAID + 1)])
    assert [len(one) for one in taken(outbox) if isinstance(one, list)] == [MOST_SAID, 1]


def test_an_hour_of_progress_is_one_thing_to_say() -> None:
    outbox = Outbox()
    for n in range(10_000):
        outbox.say([Progress("a", 1, percentage=n / 100)])
    assert taken(outbox) == [[Progress("a", 1, percentage=99.99)]]


PROGRESS = st.builds(
    Progress,
    st.sampled_from("ab"),
    st.sampled_from([1, 2]),
    status_message=st.none() | st.text(max_size=2),
    percentage=st.none() | st.integers(0, 100),
    given_back=st.dictionaries(st.sampled_from("xy"), st.integers(1, 3), max_size=2),
)


@given(st.lists(PROGRESS))
def test_what_followers_see_is_the_same_in_the_end(said: list[Progress]) -> None:
    outbox = Outbox()
    outbox.say(said)
    assert seen(outbox.take() or []) == seen(said)


def seen(said: object) -> dict[object, object]:
    state: dict[object, object] = {}
    assert isinstance(said, list)
    for one in said:
        for name in ("status_message", "percentage"):
            if getattr(one, name) is not None:
                state[one.task_id, one.token, name] = getattr(one, name)
        for resource, amount in one.given_back.items():
            key = one.task_id, one.token, resource
            state[key] = state.get(key, 0) + amount
    return state
