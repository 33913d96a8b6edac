"""Which places a run on Ray asks for, keeps and gives back: decisions, without a cluster."""

from __future__ import annotations

from typing import Any

from luigi.executors.hosting.engine import Parcel
from luigi.plugins.executors.ray.crew import PATIENCE, TRIES, Crew
from luigi.plugins.executors.ray.places import Begin, Give, Place, Refuse, Retire, Step

IDLE = 30.0
PRINTER = {"printer": 1}


def parcel(token: int, needs: dict[str, int] | None = None, task: str = "") -> Parcel:
    return Parcel(task or f"task-{token}", token, "Family", 0.0, False, needs or {}, b"", False)


def crew(*nodes: dict[str, float]) -> Crew:
    made = Crew(1.0, IDLE)
    made.nodes = nodes or ({"CPU": 2.0, "printer": 1.0},)
    return made


def take(one: Crew, *jobs: Parcel) -> list[Step]:
    for job in jobs:
        one.take_in(job)
    return one.steps(0.0)


def opened(one: Crew, steps: list[Step], now: float = 0.0) -> list[Step]:
    """All places that were asked for are there."""
    for step in steps:
        if isinstance(step, Begin):
            one.opened(step.place, now)
    return one.steps(now)


def given(steps: list[Step]) -> dict[int, Place]:
    return {step.job.token: step.place for step in steps if isinstance(step, Give)}


def kinds(steps: list[Step]) -> list[type[Any]]:
    return [type(step) for step in steps]


class TestPlaces:
    def test_one_is_asked_for_for_each_job_and_no_more_than_there_can_be(self) -> None:
        one = crew()
        assert one.room == 2
        assert kinds(take(one, *map(parcel, range(5)))) == [Begin, Begin]

    def test_a_job_begins_when_its_place_is_there_and_the_next_when_it_ends(self) -> None:
        one = crew({"CPU": 1.0})
        places = given(opened(one, take(one, parcel(1), parcel(2))))
        assert list(places) == [1]
        one.ended(places[1], 1.0)
        assert given(one.steps(1.0)) == {2: places[1]}

    def test_a_place_stays_for_the_next_job(self) -> None:
        one = crew()
        (place,) = given(opened(one, take(one, parcel(1)))).values()
        one.ended(place, 1.0)
        assert one.steps(1.0) == []
        one.take_in(parcel(2))
        assert one.steps(2.0) == [Give(place, parcel(2))]

    def test_one_that_has_long_been_idle_is_given_back(self) -> None:
        one = crew()
        (place,) = given(opened(one, take(one, parcel(1)))).values()
        one.ended(place, 1.0)
        assert one.cleared(IDLE) == []
        assert one.cleared(1.0 + IDLE) == [Retire(place)]
        assert list(one) == []

    def test_what_no_machine_has_is_refused(self) -> None:
        one = crew({"CPU": 1.0, "printer": 1.0}, {"CPU": 1.0, "printer": 1.0})
        (step,) = take(one, parcel(1, {"printer": 2}))
        assert isinstance(step, Refuse)
        assert step.why == "no machine of the cluster has what it takes: 1 CPU, 2 printer"

    def test_a_cluster_without_a_machine_yet_is_waited_for(self) -> None:
        one = Crew(1.0, IDLE)
        assert one.room == 0
        assert kinds(take(one, parcel(1), parcel(2))) == [Begin]

    def test_what_the_cluster_does_not_offer_is_not_asked_of_it(self) -> None:
        one = crew()
        (step,) = take(one, parcel(1, {"licence": 1, "memory": 3}))
        assert isinstance(step, Begin)
        assert step.place.shape.amounts == (("CPU", 1.0),)


class TestShapes:
    def test_idle_places_go_for_jobs_of_another_shape_that_wait(self) -> None:
        one = crew()
        places = given(opened(one, take(one, parcel(1), parcel(2))))
        one.ended(places[1], 1.0)
        steps = take(one, parcel(3, PRINTER))
        assert kinds(steps) == [Begin, Retire]
        assert steps[1] == Retire(places[1])

    def test_a_stream_of_jobs_does_not_keep_another_shape_waiting(self) -> None:
        one = crew()
        places = given(opened(one, take(one, parcel(1), parcel(2))))
        assert kinds(take(one, parcel(3, PRINTER), parcel(4), parcel(5))) == [Begin]
        one.ended(places[1], 1.0)
        assert one.steps(1.0) == [Retire(places[1])]

    def test_jobs_that_have_waited_longer_keep_their_places(self) -> None:
        one = crew()
        places = given(opened(one, take(one, parcel(1), parcel(2), parcel(3))))
        take(one, parcel(4, PRINTER))
        one.ended(places[1], 1.0)
        assert one.steps(1.0) == [Give(places[1], parcel(3))]

    def test_where_there_is_room_for_all_nothing_goes(self) -> None:
        one = crew({"CPU": 3.0, "printer": 1.0})
        places = given(opened(one, take(one, parcel(1), parcel(2))))
        one.ended(places[1], 1.0)
        assert kinds(take(one, parcel(3, PRINTER))) == [Begin]


class TestSuspended:
    def waiting(self, one: Crew) -> Place:
        (place,) = given(opened(one, take(one, parcel(1, task="a")))).values()
        one.ended(place, 1.0, is_suspended=True)
        return place

    def test_a_run_goes_on_where_it_waits(self) -> None:
        one = crew()
        place = self.waiting(one)
        others = given(take(one, parcel(2)))
        assert others == {2: place}, "others may run there meanwhile"
        assert take(one, parcel(3, task="a")) == []
        one.ended(place, 2.0)
        assert given(one.steps(2.0)) == {3: place}

    def test_its_place_is_kept_while_others_can_go(self) -> None:
        one = crew({"CPU": 1.0, "printer": 1.0})
        place = self.waiting(one)
        assert one.cleared(1000.0) == []
        assert kinds(take(one, parcel(2, PRINTER))) == [Begin]
        assert one.cleared(PATIENCE - 1) == []
        assert one.cleared(PATIENCE) == [Retire(place)], "nothing would go on otherwise"
        take(one, parcel(3, task="a"))
        assert one.running(3) is None, "it begins anew, when there is a place"

    def test_when_its_place_is_lost_it_begins_anew(self) -> None:
        one = crew()
        place = self.waiting(one)
        take(one, parcel(2))
        take(one, parcel(3, task="a"))
        lost = one.gone(place)
        assert lost is not None
        assert lost.token == 2
        assert [*given(opened(one, one.steps(2.0)))] == [3]

    def test_it_can_be_given_up(self) -> None:
        one = crew()
        place = self.waiting(one)
        assert one.forget("a") is place
        assert one.forget("a") is None
        assert one.cleared(1.0 + IDLE) == [Retire(place)]


class TestTakenBack:
    def test_a_job_that_waits_is_not_run(self) -> None:
        one = crew({"CPU": 1.0})
        places = given(opened(one, take(one, parcel(1), parcel(2))))
        assert one.withdraw(2)
        assert not one.withdraw(2)
        assert not one.withdraw(1), "it runs"
        assert one.running(1) is places[1]
        one.ended(places[1], 1.0)
        assert one.steps(1.0) == []

    def test_places_that_cannot_be_fail_one_job_after_the_other(self) -> None:
        one = crew({"CPU": 1.0})
        (begun,) = take(one, parcel(1), parcel(2))
        failed: list[int] = []
        for _ in range(TRIES + 1):
            assert isinstance(begun, Begin)
            assert begun.place in one
            job = one.failed_to_open(begun.place)
            failed += [] if job is None else [job.token]
            (begun, *_) = *one.steps(1.0), begun
        assert failed == [1, 2], "the first places may have been on a machine that was lost"
